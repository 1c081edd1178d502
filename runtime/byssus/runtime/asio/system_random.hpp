#pragma once

#include "byssus/actors/ports/random_source.hpp"

#include <random>

namespace byssus::detail {

/// Randomness from the system: a generator that is seeded once, and the kernel's own for secrets.
/// One thread.
class system_random final : public random_source {
public:
  system_random();

  std::uint64_t next() override { return generator_(); }

  /// Asks the kernel each time. Ends the process if it has none, for there is no safe way to go on.
  std::uint64_t secret() override;

private:
  std::mt19937_64 generator_;
};

}  // namespace byssus::detail
