#include "byssus/actors/links/link_config.hpp"

#include "byssus/tests/catch.hpp"

using namespace byssus;

namespace {

link_config sound() {
  link_config config;
  config.endpoints = {{"server", 1}};
  return config;
}

bool admits(std::uint64_t frames, std::uint64_t bytes) {
  auto config = sound();
  config.window = {frames, bytes};
  const auto wrong = validate(config);
  CHECK((!wrong || errc_of(wrong) == errc::invalid_config));
  return !wrong;
}

}  // namespace

TEST_CASE("link_config: a window out of its range is refused") {
  constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30U;
  CHECK(admits(1, 1024));
  CHECK(admits(1'000'000, most_bytes));
  CHECK_FALSE(admits(0, 1024));
  CHECK_FALSE(admits(1'000'001, 1024));
  CHECK_FALSE(admits(1, 1023));
  CHECK_FALSE(admits(1, most_bytes + 1));
}

TEST_CASE("link_config: what only the other mode has is refused in its config") {
  auto config = sound();
  config.ping_lines = true;
  CHECK(errc_of(validate(config)) == errc::invalid_config);
  config.mode = link_mode::plain;
  CHECK_FALSE(validate(config));
  config.name = "ann";
  CHECK(errc_of(validate(config)) == errc::invalid_config);
}
