#pragma once

#include "byssus/actors/ports/timer.hpp"

/// \file
/// How long an answer takes on one connection, and how long it may take.

namespace byssus {

/// The estimator of RFC 6298, section 2 (alpha 1/8, beta 1/4), in nanoseconds. Pure.
///
/// Karn's algorithm (section 3 there) has no work here: a pong carries the nonce of its ping, so a
/// late one is a good sample of its own ping and is taken. Without it the deadline would stay too
/// short on a path that has become slow. What the caller leaves out are pongs that waited in a
/// stopped process (see `liveness`).
class round_trip {
public:
  /// RFC 6298 says 1 s, for TCP's own reasons; a ping may be asked again sooner.
  static constexpr duration least_deadline = std::chrono::milliseconds{200};
  /// Before anything was measured, as there.
  static constexpr duration first_deadline = std::chrono::seconds{1};

  /// No deadline and no sample is longer than `interval`: beyond it there is nothing to learn, and
  /// one outlier is forgotten the sooner. @pre interval > 0.
  explicit round_trip(duration interval) noexcept : interval_{interval} {}

  /// Takes the time from a ping to its pong. Negative counts as zero.
  void sample(duration measured) noexcept;

  /// min(interval, max(200 ms, srtt + 4 · rttvar)); min(interval, 1 s) before the first sample.
  duration deadline() const noexcept;

  /// srtt; zero before the first sample.
  duration smoothed() const noexcept { return srtt_; }

  /// rttvar; zero before the first sample.
  duration variation() const noexcept { return rttvar_; }

  /// Claims that there was a sample.
  bool measured() const noexcept { return measured_; }

private:
  duration interval_;
  duration srtt_{0};
  duration rttvar_{0};
  bool measured_ = false;
};

}  // namespace byssus
