#pragma once

#include "byssus/actors/ports/random_source.hpp"

#include <cstdint>
#include <string_view>

namespace byssus::testing {

/// Randomness that repeats with its seed: SplitMix64, as published by Steele, Lea and Flood (2014).
class seeded_random final : public random_source {
public:
  /// All numbers follow from `seed`; secrets are a series of their own.
  explicit seeded_random(std::uint64_t seed) noexcept : state_(seed), secrets_(~seed) {}

  /// A stream of its own for `name`, so that one more draw here moves nothing there.
  seeded_random(std::uint64_t seed, std::string_view name) noexcept;

  std::uint64_t next() override { return advance(state_); }

  /// Repeats with the seed too, but is drawn from another stream than `next`.
  std::uint64_t secret() override { return advance(secrets_); }

  /// Returns a number uniform in [0, `bound`); 0 if `bound` is 0.
  std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }

  /// Returns true `percent` times in a hundred.
  bool chance(unsigned percent) { return below(100) < percent; }

private:
  static std::uint64_t advance(std::uint64_t& state) noexcept;

  std::uint64_t state_;
  std::uint64_t secrets_;
};

}  // namespace byssus::testing
