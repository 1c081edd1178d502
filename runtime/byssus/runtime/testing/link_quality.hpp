#pragma once

#include "byssus/actors/ports/timer.hpp"

#include <cstddef>
#include <cstdint>

namespace byssus::testing {

/// How one direction between two simulated hosts carries bytes. They always arrive in order and
/// once.
struct link_quality {
  /// From one kernel to the other, for every segment. At least 0.
  duration delay = std::chrono::milliseconds{1};
  /// Up to so much is added to each segment's delay, by the seed. At least 0.
  duration jitter = duration{0};
  /// Bytes a second; 0 for no limit.
  std::uint64_t bandwidth = 0;
  /// What the sender's kernel takes that has not arrived yet. At least 1.
  std::size_t send_buffer_bytes = 64 * 1024;
  /// What the receiver's kernel keeps until its process reads. At least 1.
  std::size_t receive_buffer_bytes = 128 * 1024;
  /// Writes, segments and reads end at cut points that the seed chooses; otherwise each is as long
  /// as it can be.
  bool cut_points = true;

  /// How long the line is busy with `size` bytes.
  duration time_on_line(std::size_t size) const noexcept {
    if (bandwidth == 0)
      return duration{0};
    return duration{static_cast<duration::rep>(size * std::uint64_t{1'000'000'000} / bandwidth)};
  }
};

/// What looking up a host's name leads to.
struct name_answer {
  /// An address, the word that there is none, or silence for ever.
  enum class outcome : std::uint8_t { address, failure, hang };
  outcome what = outcome::address;  ///< an address, unless something is to go wrong
  /// Until the answer comes. At least 0.
  duration delay = std::chrono::milliseconds{1};
};

/// What every transport of a simulation allows itself. The same for all hosts.
struct transport_limits {
  /// `send` refuses what would take `unsent_bytes` past it, and past five quarters of it in the
  /// urgent lane. At least 1.
  std::size_t unsent_bound_bytes = 1024 * 1024;
  /// `on_drained` comes when `unsent_bytes` has been above it and falls to it.
  std::size_t low_water_bytes = 256 * 1024;
  /// Sent bytes that make no way for so long break the connection at their sender
  /// (TCP_USER_TIMEOUT). 0 for never.
  duration user_timeout = std::chrono::seconds{28};
  /// A connection whose other end is gone or not heard breaks after so long, though nothing was
  /// sent (SO_KEEPALIVE; as for real sockets, 60 s and 4 probes of 15 s). 0 for never.
  duration keepalive = std::chrono::seconds{120};
};

}  // namespace byssus::testing
