#pragma once

#include "byssus/byssus.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace byssus::tests {

/// How long a test waits for what must come; only a failing one waits so long.
inline constexpr std::chrono::seconds patience{20};

/// What callbacks on other threads have seen, in order.
template <class T>
class record {
public:
  void add(T seen) {
    const std::lock_guard guard{lock_};
    all_.push_back(std::move(seen));
    grown_.notify_all();
  }

  /// Waits until `holds(all)`; returns whether it did.
  bool wait(const std::function<bool(const std::vector<T>&)>& holds,
            std::chrono::nanoseconds limit = patience) {
    std::unique_lock guard{lock_};
    return grown_.wait_for(guard, limit, [&] { return holds(all_); });
  }

  bool wait_count(std::size_t count, std::chrono::nanoseconds limit = patience) {
    return wait([count](const std::vector<T>& all) { return all.size() >= count; }, limit);
  }

  std::vector<T> all() {
    const std::lock_guard guard{lock_};
    return all_;
  }

private:
  std::mutex lock_;
  std::condition_variable grown_;
  std::vector<T> all_;
};

using states = record<link_state>;

/// Claims that the last state is `phase`.
inline bool reaches(states& seen, link_phase phase) {
  return seen.wait([phase](const std::vector<link_state>& all) {
    return !all.empty() && all.back().phase == phase;
  });
}

inline std::vector<link_phase> phases(states& seen) {
  std::vector<link_phase> all;
  for (const auto& each : seen.all())
    all.push_back(each.phase);
  return all;
}

/// A node that listens on a port of its own, on loopback.
inline config on_loopback(std::uint16_t port = 0) {
  config settings;
  settings.listen = endpoint{"127.0.0.1", port};
  settings.log_level = severity::error;
  return settings;
}

inline config quiet() {
  config settings;
  settings.log_level = severity::error;
  return settings;
}

inline link_options options_for(const node& home, std::string name) {
  link_options options;
  options.endpoints = {"tcp://" + to_string(*home.local_endpoint())};
  options.name = std::move(name);
  return options;
}

/// A link in room `lobby`. What it has seen outlives it: its callbacks may run until its node ends.
class guest {
public:
  guest(node& app, const link_options& options) : connection(app.connect(options)) {
    connection.on_state([seen = seen_](const link_state& now) { seen->states.add(now); });
    room.joined().then([seen = seen_](const joined& at) { seen->entered.add(at); });
  }

  bool is_in() { return seen_->entered.wait_count(1); }
  byssus::tests::states& states() { return seen_->states; }
  record<message>& heard() { return seen_->heard; }

private:
  struct sightings {
    byssus::tests::states states;
    record<message> heard;
    record<joined> entered;
  };

  std::shared_ptr<sightings> seen_ = std::make_shared<sightings>();

public:
  link connection;
  room_handle room =
      connection.join("lobby", [seen = seen_](const message& said) { seen->heard.add(said); });
};

inline bool hears(guest& who, const std::string& text) {
  return who.heard().wait(
      [&](const std::vector<message>& all) { return !all.empty() && all.back().payload == text; });
}

}  // namespace byssus::tests
