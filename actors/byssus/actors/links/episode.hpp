#pragma once

#include "byssus/actors/ports/timer.hpp"

#include <atomic>
#include <limits>

namespace byssus {

/// Knows the first of many like events from those that follow it, so that a log gets one line for
/// all of them. An episode ends when nothing has happened for 10 s. Any thread.
class episode {
public:
  /// So long must nothing happen for an episode to end.
  static constexpr duration calm = std::chrono::seconds{10};

  /// Something has happened at `now`; claims that an episode begins with it.
  bool begins(instant now) noexcept {
    const auto present = now.time_since_epoch().count();
    const auto last = last_.exchange(present, std::memory_order_relaxed);
    return last == never || present - last > calm.count();
  }

private:
  static constexpr auto never = std::numeric_limits<duration::rep>::min();
  std::atomic<duration::rep> last_{never};
};

}  // namespace byssus
