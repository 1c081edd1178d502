#include "byssus/runtime/testing/seeded_random.hpp"

#include "byssus/runtime/testing/trace.hpp"

namespace byssus::testing {

namespace {

constexpr std::uint64_t golden_gamma = 0x9e3779b97f4a7c15ULL;

std::uint64_t scramble(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

seeded_random::seeded_random(std::uint64_t seed, std::string_view name) noexcept
    : seeded_random(scramble(scramble(seed + golden_gamma) ^ fnv1a(name))) {}

std::uint64_t seeded_random::advance(std::uint64_t& state) noexcept {
  state += golden_gamma;
  return scramble(state);
}

}  // namespace byssus::testing
