#pragma once

#include "byssus/actors/ports/timer.hpp"

#include <cstdint>

namespace byssus {

/// Randomness as a port. Seeded from the system in a node, from the seed of the run in a
/// simulation.
class random_source {
public:
  virtual ~random_source() = default;

  /// Returns 64 bits, uniformly distributed. Not for secrets: `secret` is.
  virtual std::uint64_t next() = 0;

  /// Returns 64 bits that nobody can guess (in a simulation: that repeat with the seed).
  virtual std::uint64_t secret() = 0;

  /// Returns a duration uniform in [0, `limit`].
  duration up_to(duration limit) {
    if (limit <= duration{0})
      return duration{0};
    const auto width = static_cast<std::uint64_t>(limit.count()) + 1;
    return duration{static_cast<duration::rep>(next() % width)};
  }
};

}  // namespace byssus
