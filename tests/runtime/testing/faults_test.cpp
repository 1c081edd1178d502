#include "byssus/tests/catch.hpp"

#include "probes.hpp"

using namespace byssus;
using namespace byssus::testing;

namespace {

simulation_config patient() {
  simulation_config config;
  config.transports.user_timeout = 0s;
  config.transports.keepalive = 0s;
  return config;
}

}  // namespace

TEST_CASE("fault: a cut resets both sides of all connections between two hosts") {
  connected_world world;
  CHECK(world.sim.network().cut("client", "node") == 1);
  world.sim.settle();
  CHECK(world.ours.events == events{"closed connection_reset"});
  CHECK(world.theirs.events == events{"closed connection_reset"});
  CHECK(world.sim.network().faults().of(fault::cut) == 1);
  CHECK(world.sim.network().open_sockets() == 0);
  CHECK(world.sim.network().cut("client", "node") == 0);
  CHECK(world.sim.network().faults().of(fault::cut) == 1);
}

TEST_CASE("fault: one of several connections is reset, the others are not") {
  connected_world world;
  dial_probe second;
  second.start(world.client(), {"node", 7400});
  world.sim.advance(10ms);
  REQUIRE(world.sim.network().connections("client", "node") == 2);
  CHECK(world.sim.network().reset_one("client", "node"));
  socket_probe also_ours;
  also_ours.take(std::move(second.socket));
  world.sim.advance(10ms);
  CHECK(also_ours.events.size() + world.ours.events.size() == 1);
}

TEST_CASE("fault: a silent connection stays open at both ends, carries nothing, and never heals") {
  connected_world world{patient()};
  REQUIRE(world.sim.network().silence_one("client", "node"));
  CHECK_FALSE(world.sim.network().silence_one("client", "node"));
  REQUIRE(world.ours.send("hello"));
  REQUIRE(world.theirs.send("hello"));
  world.sim.advance(1h);
  world.sim.heal();
  world.sim.advance(1h);
  CHECK(world.ours.events.empty());
  CHECK(world.theirs.events.empty());
  CHECK(world.ours.received.empty());
  CHECK(world.theirs.received.empty());
  CHECK(world.sim.network().open_sockets() == 2);
}

TEST_CASE("fault: keepalive breaks both ends of a silent connection, though nothing was sent") {
  connected_world world;
  REQUIRE(world.sim.network().silence_direction("node", "client"));
  world.sim.advance(119s);
  CHECK(world.sim.network().open_sockets() == 2);
  world.sim.advance(2s);
  CHECK(world.ours.events == events{"closed connection_reset"});
  CHECK(world.theirs.events == events{"closed connection_reset"});
}

TEST_CASE("fault: silence in one direction lets the other speak") {
  connected_world world{patient()};
  REQUIRE(world.sim.network().silence_direction("node", "client"));
  REQUIRE(world.ours.send("ping"));
  REQUIRE(world.theirs.send("pong"));
  world.sim.advance(1min);
  CHECK(world.theirs.received == "ping");
  CHECK(world.ours.received.empty());
  CHECK(world.ours.events.empty());
}

TEST_CASE("fault: in silence the sender's kernel fills and unsent bytes grow") {
  connected_world world{patient()};
  REQUIRE(world.sim.network().silence_one("client", "node"));
  REQUIRE(world.ours.send(std::string(100'000, 'x')));
  world.sim.advance(1min);
  CHECK(world.ours.socket->unsent_bytes() == 100'000 - 64 * 1024);
}

TEST_CASE(
    "fault: sent bytes that make no way for the user timeout break the sender's side, and only "
    "then") {
  connected_world world;
  REQUIRE(world.ours.send("fine"));
  world.sim.advance(1min);
  REQUIRE(world.sim.network().silence_one("client", "node"));
  REQUIRE(world.ours.send("lost"));
  world.sim.advance(27s);
  CHECK(world.ours.events.empty());
  world.sim.advance(1s);
  CHECK(world.ours.events == events{"closed connection_reset"});
  CHECK(world.theirs.events.empty());
}

TEST_CASE("fault: what had arrived before its sender broke is still read") {
  connected_world world;
  world.sim.host("node").stop();
  REQUIRE(world.ours.send("arrived"));
  world.sim.advance(10ms);
  REQUIRE(world.sim.network().silence_one("client", "node"));
  REQUIRE(world.ours.send(" and lost"));
  world.sim.advance(30s);
  CHECK(world.ours.events == events{"closed connection_reset"});
  world.sim.host("node").resume();
  world.sim.settle();
  CHECK(world.theirs.received == "arrived");
}

TEST_CASE("fault: bytes sent into a partition arrive after it, in order") {
  connected_world world;
  world.sim.network().partition("client", "node");
  for (const auto* text : {"one ", "two ", "three"}) {
    REQUIRE(world.ours.send(text));
    world.sim.advance(1s);
  }
  CHECK(world.theirs.received.empty());
  world.sim.network().rejoin("client", "node");
  world.sim.advance(2s);
  CHECK(world.theirs.received == "one two three");
  CHECK(world.ours.events.empty());
}

TEST_CASE("fault: a spike delays both directions until it is over") {
  connected_world world;
  world.sim.network().spike("client", "node", 2s);
  REQUIRE(world.ours.send("late"));
  world.sim.advance(2s);
  CHECK(world.theirs.received.empty());
  world.sim.advance(1ms);
  CHECK(world.theirs.received == "late");
  world.sim.network().spike("client", "node", 0s);
  REQUIRE(world.theirs.send("quick"));
  world.sim.advance(1ms);
  CHECK(world.ours.received == "quick");
}

TEST_CASE("fault: a muted host lets connections come up and answers none of them, ever") {
  simulation sim;
  accept_probe accepting;
  REQUIRE(accepting.start(sim.host("node").reactor(), {"node", 7400}));
  sim.network().mute("node");
  dial_probe dialing;
  dialing.start(sim.host("client").reactor(), {"node", 7400});
  sim.advance(1s);
  REQUIRE(dialing.events == events{"dialed"});
  sim.heal();
  sim.advance(1min);
  CHECK(accepting.strangers.empty());
  CHECK(sim.network().open_sockets() == 2);
  dialing.socket.reset();
  sim.advance(1s);
  CHECK(sim.network().open_sockets() == 0);
  dialing.start(sim.host("client").reactor(), {"node", 7400});
  sim.advance(1s);
  CHECK(accepting.strangers.size() == 1);
}

TEST_CASE("fault: a forged end is seen by one side, and met by a reset when the other sends") {
  connected_world world;
  REQUIRE(world.sim.network().half_close("client", "node"));
  world.sim.advance(10ms);
  CHECK(world.theirs.events == events{"ended"});
  CHECK(world.ours.events.empty());
  REQUIRE(world.ours.send("who is there?"));
  world.sim.advance(10ms);
  CHECK(world.ours.events == events{"closed connection_reset"});
  CHECK(world.theirs.received.empty());
}

TEST_CASE("fault: every kind has a name of its own, and counts are printed by kind") {
  fault_counts counts;
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < fault_kinds; ++i)
    names.push_back(name(static_cast<fault>(i)));
  std::sort(names.begin(), names.end());
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  CHECK(std::find(names.begin(), names.end(), "unknown") == names.end());
  CHECK(to_string(counts) == "none");
  counts.add(fault::silence);
  counts.add(fault::cut);
  counts.add(fault::cut);
  CHECK(to_string(counts) == "cut 2, silence 1");
  CHECK(counts.total() == 3);
}
