#pragma once

#include <caf/resumable.hpp>

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

namespace byssus::detail {

/// What other threads bring to a reactor: actors to resume and tasks to run. Any thread puts, the
/// reactor takes.
///
/// Whoever puts into an inbox whose reactor sleeps must wake it, once per sleep. The reactor says
/// `fall_asleep` before it looks a last time; the two atomics are sequentially consistent, so one
/// of the two sees the other.
class inbox {
public:
  enum class outcome : std::uint8_t { taken, must_wake, refused };

  /// Takes over the reference that comes with `job`, unless refused.
  outcome put(caf::resumable* job) { return put_into(jobs_, job); }

  outcome put(std::function<void()>&& task) { return put_into(tasks_, std::move(task)); }

  /// Claims that there is something to take. A hint outside of `fall_asleep`.
  bool filled() const noexcept { return filled_.load(std::memory_order_seq_cst); }

  /// Appends all that is there.
  void take(std::vector<caf::resumable*>& jobs, std::vector<std::function<void()>>& tasks) {
    const std::lock_guard lock{mutex_};
    filled_.store(false, std::memory_order_relaxed);
    jobs.insert(jobs.end(), jobs_.begin(), jobs_.end());
    jobs_.clear();
    if (tasks.empty())
      tasks.swap(tasks_);
    else
      std::move(tasks_.begin(), tasks_.end(), std::back_inserter(tasks));
    tasks_.clear();
  }

  /// From now on the next `put` must wake. Returns false, and stays awake, if there is something to
  /// take.
  bool fall_asleep() noexcept {
    asleep_.store(true, std::memory_order_seq_cst);
    if (!filled())
      return true;
    wake_up();
    return false;
  }

  void wake_up() noexcept { asleep_.store(false, std::memory_order_relaxed); }

  /// Refuses everything from now on. Returns false, and does not, if there is something to take.
  bool close() {
    const std::lock_guard lock{mutex_};
    if (!jobs_.empty() || !tasks_.empty())
      return false;
    closed_ = true;
    return true;
  }

private:
  template <class Things, class Thing>
  outcome put_into(Things& things, Thing&& thing) {
    {
      const std::lock_guard lock{mutex_};
      if (closed_)
        return outcome::refused;
      things.push_back(std::forward<Thing>(thing));
      filled_.store(true, std::memory_order_seq_cst);
    }
    const bool slept = asleep_.load(std::memory_order_seq_cst) && asleep_.exchange(false);
    return slept ? outcome::must_wake : outcome::taken;
  }

  std::mutex mutex_;
  std::atomic<bool> filled_{false};
  std::atomic<bool> asleep_{false};
  bool closed_ = false;
  std::vector<caf::resumable*> jobs_;
  std::vector<std::function<void()>> tasks_;
};

}  // namespace byssus::detail
