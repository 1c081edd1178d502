#include "byssus/tests/catch.hpp"

#include "probes.hpp"
#include <set>

using namespace byssus;
using namespace byssus::testing;

namespace {

/// Two hosts that echo each other's bytes for a minute, on a bad line.
std::uint64_t hash_of_a_minute(std::uint64_t seed, std::vector<std::string>* lines = nullptr) {
  simulation_config config;
  config.seed = seed;
  config.keep_lines = lines != nullptr;
  connected_world world{config};
  link_quality rough;
  rough.jitter = 20ms;
  world.sim.network().shape_all(rough);
  const auto echo = [](socket_probe& probe) {
    return [&probe](const std::string& what) {
      if (what == "bytes" && probe.socket)
        static_cast<void>(probe.send("echo"));
      if (what.starts_with("closed"))
        probe.socket.reset();
    };
  };
  world.ours.on_event = echo(world.ours);
  world.theirs.on_event = echo(world.theirs);
  REQUIRE(world.ours.send("begin"));
  world.sim.after(30s, [&] { world.sim.network().spike("client", "node", 100ms); });
  world.sim.run_until([&] { return world.theirs.received.size() > 10'000; }, 1min);
  if (lines)
    *lines = world.sim.trace().lines();
  CHECK(world.sim.trace().events() > 100);
  return world.sim.trace().hash();
}

}  // namespace

TEST_CASE("determinism: the same seed gives the same trace, another seed another") {
  std::set<std::uint64_t> hashes;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto hash = hash_of_a_minute(seed);
    REQUIRE(hash == hash_of_a_minute(seed));
    hashes.insert(hash);
  }
  CHECK(hashes.size() == 20);
}

TEST_CASE("determinism: keeping lines changes nothing, and they say when, where and what") {
  std::vector<std::string> lines;
  CHECK(hash_of_a_minute(3) == hash_of_a_minute(3, &lines));
  REQUIRE_FALSE(lines.empty());
  CHECK(lines.front() == "0.002000000 node: accepted 1");
}

TEST_CASE(
    "determinism: random numbers repeat with the seed, per reactor, and secrets are another "
    "stream") {
  simulation first{5};
  simulation second{5};
  simulation third{6};
  auto& one = first.host("node").reactor(0).random();
  auto& two = first.host("node").reactor(1).random();
  auto& same = second.host("node").reactor(0).random();
  auto& different = third.host("node").reactor(0).random();
  const auto number = one.next();
  CHECK(number == same.next());
  CHECK(number != two.next());
  CHECK(number != different.next());
  const auto secret = one.secret();
  CHECK(secret == same.secret());
  CHECK(secret != number);
}

TEST_CASE("determinism: a trace differs by time, host, event and numbers") {
  const auto hash = [](duration when, std::string_view host, std::string_view what,
                       std::uint64_t number) {
    byssus::testing::trace folded{instant{}};
    folded.record(instant{when}, host, what, number);
    return folded.hash();
  };
  const std::set<std::uint64_t> all{hash(1s, "a", "b", 1), hash(2s, "a", "b", 1),
                                    hash(1s, "b", "b", 1), hash(1s, "a", "a", 1),
                                    hash(1s, "a", "b", 2), hash(1s, "ab", "", 1)};
  CHECK(all.size() == 6);
}
