#pragma once

#include "byssus/runtime/asio/reactor_pool.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace byssus::tests {

/// How long a test waits for what must come, before it fails.
constexpr auto patience = std::chrono::seconds{20};

/// Keeps the lines for the test.
class kept_journal final : public journal {
public:
  void write(severity, std::string_view line) override {
    const std::lock_guard lock{mutex_};
    lines_.emplace_back(line);
  }
  bool wants(severity) const noexcept override { return true; }
  std::vector<std::string> lines() const {
    const std::lock_guard lock{mutex_};
    return lines_;
  }

private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

/// Something that threads tell the test.
class happenings {
public:
  void add(std::string what) {
    const std::lock_guard lock{mutex_};
    all_.push_back(std::move(what));
    changed_.notify_all();
  }

  std::vector<std::string> all() const {
    const std::lock_guard lock{mutex_};
    return all_;
  }

  /// Waits until there are `count`, and returns what there is.
  std::vector<std::string> wait_for(std::size_t count) const {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, patience, [&] { return all_.size() >= count; });
    return all_;
  }

private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<std::string> all_;
};

/// A CAF system with running reactors.
class loops {
public:
  explicit loops(reactor_pool_config config = {})
      : system_(settings_), pool_(system_, lines_, config) {
    pool_.start();
  }

  reactor& operator[](std::size_t index) { return *pool_.reactors().at(index); }
  caf::actor_system& system() { return system_; }
  reactor_pool& pool() { return pool_; }
  kept_journal& lines() { return lines_; }

  /// Runs `work` on a reactor's thread, and returns what it returns.
  template <class F>
  auto on(std::size_t index, F work) -> std::invoke_result_t<F> {
    // Shared, since the result is there before the reactor is done with the task.
    auto task = std::make_shared<std::packaged_task<std::invoke_result_t<F>()>>(std::move(work));
    auto result = task->get_future();
    (*this)[index].post([task] { (*task)(); });
    if (result.wait_for(patience) != std::future_status::ready)
      std::terminate();  // what `work` refers to is still to be used, so there is no way back
    return result.get();
  }

  template <class F>
  auto on(F work) -> std::invoke_result_t<F> {
    return on(0, std::move(work));
  }

private:
  struct settings : caf::actor_system_config {
    settings() { set("scheduler.max-threads", 2); }
  };

  kept_journal lines_;
  settings settings_;
  caf::actor_system system_;
  reactor_pool pool_;
};

/// Waits until `claim` is true, looking again and again; for what nobody tells. Returns its last
/// answer.
template <class F>
bool eventually(F claim) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!claim()) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace byssus::tests
