#pragma once

#include <cstddef>

namespace byssus::bench {

/// Spreads the pings of many connections evenly over the node's default heartbeat. A single one
/// pings first after a second, so that no round of a measurement is without.
class even_pings {
public:
  /// Counts time from `now` on; what passed before is owed to nobody.
  void begin(double now) noexcept { last_ = now; }

  /// Calls `ping` with the number of each connection, of `count`, whose turn has come by `now`.
  template <class Ping>
  void catch_up(double now, std::size_t count, Ping&& ping) {
    owed_ += (now - last_) / interval_seconds * static_cast<double>(count);
    last_ = now;
    for (; owed_ >= 1 && count > 0; --owed_)
      ping(next_++ % count);
  }

private:
  static constexpr double interval_seconds = 5;

  double last_ = 0;
  double owed_ = 1 - 1 / interval_seconds;  ///< pings that are due and not sent
  std::size_t next_ = 0;
};

}  // namespace byssus::bench
