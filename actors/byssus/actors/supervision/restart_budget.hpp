#pragma once

#include "byssus/actors/ports/timer.hpp"

#include <caf/error.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>

/// \file
/// OTP's restart intensity: how many restarts are bad luck, and how many a fault that restarts do
/// not heal.

namespace byssus {

/// At most `intensity` restarts within `period`. OTP's names; its defaults are 1 in 5 s.
struct restart_intensity {
  std::uint32_t intensity = 3;                 ///< 0: nothing is ever restarted. At most 100,000.
  duration period = std::chrono::seconds{10};  ///< > 0

  friend bool operator==(const restart_intensity&, const restart_intensity&) = default;
};

/// Returns `errc::invalid_config` with the field and its range, or no error.
caf::error validate(const restart_intensity& limit);

/// Counts restarts in a sliding window (Erlang/OTP, "Supervision Principles", maximum restart
/// intensity). Pure; remembers at most `intensity` instants.
class restart_budget {
public:
  /// @pre `validate(limit)` is no error.
  explicit restart_budget(restart_intensity limit) : limit_{limit} {}

  /// Asks for one restart at `now`, and spends it if allowed. A restart counts until more than
  /// `period` has passed. Instants never go backwards. What was refused costs nothing.
  [[nodiscard]] bool allow(instant now);

  /// Restarts of the last `period`, as of `now`.
  std::size_t spent(instant now);

  /// The limit as it was given.
  const restart_intensity& limit() const noexcept { return limit_; }

private:
  restart_intensity limit_;
  std::deque<instant> restarts_;
};

}  // namespace byssus
