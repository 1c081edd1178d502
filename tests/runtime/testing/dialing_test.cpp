#include "byssus/tests/catch.hpp"

#include "probes.hpp"

using namespace byssus;
using namespace byssus::testing;

namespace {

/// A world with a node that listens, and nothing dialed yet.
struct listening_world {
  listening_world() { accepting.start(sim.host("node").reactor(), {"node", 7400}); }
  void dial(const dial_deadlines& within = {}) {
    dialing.start(sim.host("client").reactor(), {"node", 7400}, within);
  }
  simulation sim;
  accept_probe accepting;
  dial_probe dialing;
};

}  // namespace

TEST_CASE("simulated dial: ends never inside start, and after a look-up and one round trip") {
  listening_world world;
  world.dial();
  CHECK(world.dialing.events.empty());
  world.sim.advance(3ms - 1ns);
  CHECK(world.dialing.events.empty());
  world.sim.advance(1ns);
  CHECK(world.dialing.events == events{"dialed"});
  CHECK(world.accepting.strangers.size() == 1);
  CHECK(world.sim.network().attempts_seen("node") == 1);
  CHECK(world.sim.timers_running() == 0);
}

TEST_CASE("simulated dial: fails with the reason that a real one has") {
  listening_world world;
  auto& net = world.sim.network();
  auto& home = world.sim.host("client").reactor();
  SECTION("nobody of that name") {
    world.dialing.start(home, {"nowhere", 7400});
    world.sim.advance(10ms);
    CHECK(world.dialing.events == events{"resolve_failed nowhere:7400"});
  }
  SECTION("a name that has lost its address") {
    net.answer_name("node", {name_answer::outcome::failure, 100ms});
    world.dial();
    world.sim.advance(99ms);
    CHECK(world.dialing.events.empty());
    world.sim.advance(1ms);
    CHECK(world.dialing.events == events{"resolve_failed node:7400"});
  }
  SECTION("a resolver that hangs") {
    net.answer_name("node", {name_answer::outcome::hang, 0s});
    world.dial({2s, 5s});
    world.sim.advance(2s - 1ns);
    CHECK(world.dialing.events.empty());
    world.sim.advance(1ns);
    CHECK(world.dialing.events == events{"resolve_timeout node:7400"});
  }
  SECTION("a port that nobody listens on") {
    world.accepting.door.reset();
    world.dial();
    world.sim.advance(10ms);
    CHECK(world.dialing.events == events{"connect_refused node:7400"});
  }
  SECTION("a host that refuses") {
    net.refuse("node");
    world.dial();
    world.sim.advance(10ms);
    CHECK(world.dialing.events == events{"connect_refused node:7400"});
  }
  SECTION("no way to the host") {
    net.unreachable("node");
    world.dial();
    world.sim.advance(10ms);
    CHECK(world.dialing.events == events{"network_unreachable node:7400"});
  }
  SECTION("a partition") {
    net.partition("client", "node");
    world.dial({2s, 3s});
    world.sim.advance(2999ms);
    CHECK(world.dialing.events.empty());
    world.sim.advance(2ms);
    CHECK(world.dialing.events == events{"connect_timeout node:7400"});
  }
  CHECK(world.accepting.strangers.empty());
  CHECK(net.open_sockets() == 0);
  CHECK(world.sim.timers_running() == 0);
}

TEST_CASE("simulated dial: a name that hangs delays no other") {
  listening_world world;
  world.sim.network().answer_name("slow", {name_answer::outcome::hang, 0s});
  dial_probe hanging;
  hanging.start(world.sim.host("client").reactor(), {"slow", 7400});
  world.dial();
  world.sim.advance(3ms);
  CHECK(world.dialing.events == events{"dialed"});
  CHECK(hanging.events.empty());
}

TEST_CASE(
    "simulated dial: a partition that heals in time is overcome by the kernel's next attempt") {
  listening_world world;
  world.sim.network().partition("client", "node");
  world.dial();
  world.sim.advance(500ms);
  world.sim.network().rejoin("client", "node");
  world.sim.advance(1s);
  CHECK(world.dialing.events == events{"dialed"});
}

TEST_CASE(
    "simulated dial: destroyed, it says nothing and leaves nothing behind, at whatever moment") {
  for (auto moment = 0us; moment < 4000us; moment += 250us) {
    listening_world world;
    world.dial();
    world.sim.advance(moment);
    world.dialing.attempt.reset();
    world.dialing.socket.reset();
    const auto told = world.dialing.events.size();
    world.sim.advance(10ms);
    world.accepting.strangers.clear();
    world.sim.advance(10ms);
    REQUIRE(world.dialing.events.size() == told);
    REQUIRE(world.sim.network().open_sockets() == 0);
    REQUIRE(world.sim.timers_running() == 0);
  }
}

TEST_CASE("simulated acceptor: has its port alone, names the one it was given, and frees it") {
  simulation sim;
  auto& node = sim.host("node").reactor();
  accept_probe first, second, chosen;
  REQUIRE(first.start(node, {"node", 7400}));
  CHECK_FALSE(second.start(node, {"0.0.0.0", 7400}));
  CHECK(second.reason == errc::address_in_use);
  CHECK_FALSE(second.start(node, {"elsewhere", 7401}));
  CHECK(second.reason == errc::address_invalid);
  REQUIRE(chosen.start(node, {"node", 0}));
  CHECK(chosen.door->where().port >= 49152);
  first.door.reset();
  CHECK(second.start(node, {"node", 7400}));
}

TEST_CASE("simulated dial: reaches its own host by localhost, and two hosts have a port each") {
  simulation sim;
  accept_probe here, there;
  REQUIRE(here.start(sim.host("a").reactor(), {"127.0.0.1", 7400}));
  REQUIRE(there.start(sim.host("b").reactor(), {"b", 7400}));
  dial_probe dialing;
  dialing.start(sim.host("a").reactor(), {"localhost", 7400});
  sim.advance(10ms);
  CHECK(dialing.events == events{"dialed"});
  CHECK(here.strangers.size() == 1);
  CHECK(there.strangers.empty());
}
