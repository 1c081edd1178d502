#include "byssus/tests/catch.hpp"

#include "probes.hpp"

using namespace byssus;
using namespace byssus::testing;

namespace {

std::string numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += std::to_string(i) + ',';
  return text;
}

simulation_config seeded(std::uint64_t seed) {
  simulation_config config;
  config.seed = seed;
  return config;
}

}  // namespace

TEST_CASE(
    "simulated transport: bytes arrive whole and in order, cut anywhere, under any seed and "
    "jitter") {
  std::size_t reads = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    simulation_config config;
    config.seed = seed;
    connected_world world{config};
    link_quality rough;
    rough.jitter = 40ms;
    world.sim.network().shape_all(rough);
    std::string sent;
    for (int i = 0; i < 20; ++i) {
      const auto part = numbers(50);
      sent += part;
      REQUIRE(world.ours.send(part));
      world.sim.advance(5ms);
    }
    world.sim.advance(1s);
    REQUIRE(world.theirs.received == sent);
    reads += world.theirs.reads;
  }
  CHECK(reads > 50 * 20);
}

TEST_CASE("simulated transport: nothing is cut where the link does not cut") {
  connected_world world;
  link_quality smooth;
  smooth.cut_points = false;
  world.sim.network().shape_all(smooth);
  REQUIRE(world.ours.send(numbers(1000)));
  world.sim.advance(10ms);
  CHECK(world.theirs.received == numbers(1000));
  CHECK(world.theirs.reads == 1);
}

TEST_CASE(
    "simulated transport: urgent frames overtake bulk at frame borders, also behind a full "
    "kernel") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    simulation_config config;
    config.seed = seed;
    connected_world world{config};
    world.sim.network().partition("client", "node");
    const std::string bulk = '<' + std::string(9998, '.') + '>';
    for (int i = 0; i < 20; ++i)
      REQUIRE(world.ours.send(bulk));
    world.sim.settle();
    REQUIRE(world.ours.socket->unsent_bytes() > 0);
    REQUIRE(world.ours.send("[ping]", lane::urgent));
    REQUIRE(world.ours.send("[pong]", lane::urgent));
    world.sim.network().rejoin("client", "node");
    world.sim.advance(5s);
    const auto& got = world.theirs.received;
    const auto at = got.find("[ping][pong]");
    REQUIRE(got.size() == 20 * bulk.size() + 12);
    REQUIRE(at != std::string::npos);
    REQUIRE(at % bulk.size() == 0);
    // The kernel takes 64 KiB: seven frames at most are begun before the ping.
    REQUIRE(at <= 7 * bulk.size());
  }
}

TEST_CASE(
    "simulated transport: send refuses what would pass the bound, and bulk leaves room for a "
    "ping") {
  simulation_config config;
  config.transports.unsent_bound_bytes = 100;
  connected_world world{config};
  CHECK(world.ours.send(std::string(60, 'a')));
  CHECK_FALSE(world.ours.send(std::string(41, 'b')));
  CHECK(world.ours.socket->unsent_bytes() == 60);
  CHECK(world.ours.send(std::string(40, 'c')));
  CHECK_FALSE(world.ours.send("d"));
  CHECK(world.ours.send("ping", lane::urgent));
  world.sim.advance(10ms);
  CHECK(world.theirs.received.size() == 104);
  CHECK(world.ours.socket->unsent_bytes() == 0);
}

TEST_CASE(
    "simulated transport: on_drained comes once, when unsent bytes fall to the low-water mark") {
  simulation_config config;
  config.transports.low_water_bytes = 1000;
  config.transports.user_timeout = 0s;
  connected_world world{config};
  world.sim.network().partition("client", "node");
  REQUIRE(world.ours.send(std::string(200'000, 'x')));
  world.sim.advance(1min);
  CHECK(world.ours.events.empty());
  CHECK(world.ours.socket->unsent_bytes() == 200'000 - 64 * 1024);
  std::size_t unsent_then = 1'000'000;
  world.ours.on_event = [&](const std::string&) {
    unsent_then = world.ours.socket->unsent_bytes();
  };
  world.sim.network().rejoin("client", "node");
  world.sim.advance(5s);
  CHECK(world.ours.events == events{"drained"});
  CHECK(unsent_then <= 1000);
  CHECK(world.theirs.received.size() == 200'000);
}

TEST_CASE("simulated transport: a reader that is not attached holds the sender back") {
  simulation sim;
  accept_probe accepting;
  dial_probe dialing;
  REQUIRE(accepting.start(sim.host("node").reactor(), {"node", 7400}));
  dialing.start(sim.host("client").reactor(), {"node", 7400});
  sim.advance(10ms);
  REQUIRE(dialing.socket);
  REQUIRE(dialing.socket->send(bytes_of(std::string(1'000'000, 'x')), lane::bulk));
  sim.advance(10s);
  CHECK(dialing.socket->unsent_bytes() == 1'000'000 - (64 + 128) * 1024);
  socket_probe theirs;
  theirs.take(sim.host("node").reactor().adopt(std::move(accepting.strangers.at(0))));
  sim.advance(10s);
  CHECK(theirs.received.size() == 1'000'000);
  CHECK(dialing.socket->unsent_bytes() == 0);
}

TEST_CASE("simulated transport: bandwidth is shared by all that flies") {
  connected_world world;
  link_quality narrow;
  narrow.bandwidth = 10'000;
  world.sim.network().shape("client", "node", narrow);
  REQUIRE(world.ours.send(std::string(30'000, 'x')));
  world.sim.advance(2900ms);
  CHECK(world.theirs.received.size() < 30'000);
  world.sim.advance(200ms);
  CHECK(world.theirs.received.size() == 30'000);
}

TEST_CASE("simulated transport: poll is answered after all that had arrived, and in a later turn") {
  const auto seed = GENERATE(range(1, 30));
  connected_world world{seeded(static_cast<std::uint64_t>(seed))};
  world.sim.host("node").stop();
  REQUIRE(world.ours.send("before the poll"));
  world.sim.advance(10ms);
  world.theirs.socket->poll();
  CHECK(world.theirs.events.empty());
  world.sim.host("node").resume();
  world.sim.settle();
  CHECK(world.theirs.events == events{"polled before the poll"});
}

TEST_CASE("simulated transport: poll of a quiet socket is answered") {
  connected_world world;
  world.ours.socket->poll();
  world.sim.settle();
  CHECK(world.ours.events == events{"polled "});
}

TEST_CASE(
    "simulated transport: close sends what is queued, and both ends see an end without failure") {
  const auto seed = GENERATE(range(1, 30));
  connected_world world{seeded(static_cast<std::uint64_t>(seed))};
  REQUIRE(world.ours.send(numbers(5000)));
  world.ours.socket->close();
  CHECK_FALSE(world.ours.send("too late"));
  CHECK(world.ours.events.empty());
  world.theirs.on_event = [&](const std::string& what) {
    if (what == "ended")
      world.theirs.socket->close();
  };
  world.sim.advance(1s);
  CHECK(world.theirs.received == numbers(5000));
  CHECK(world.theirs.events == events{"ended", "closed none"});
  CHECK(world.ours.events == events{"closed none"});
  CHECK(world.sim.network().open_sockets() == 0);
}

TEST_CASE("simulated transport: after the peer's end, sending goes on") {
  connected_world world;
  world.ours.socket->close();
  world.sim.advance(10ms);
  REQUIRE(world.theirs.events == events{"ended"});
  CHECK(world.theirs.send("still here"));
  world.sim.advance(10ms);
  CHECK(world.theirs.socket->unsent_bytes() == 0);
  CHECK(world.ours.events.empty());
  world.theirs.socket->close();
  world.sim.advance(10ms);
  CHECK(world.ours.events == events{"closed none"});
}

TEST_CASE(
    "simulated transport: a destroyed one is an end to its peer, and a reset once the peer sends") {
  connected_world world;
  world.ours.socket.reset();
  world.sim.advance(10ms);
  CHECK(world.theirs.events == events{"ended"});
  REQUIRE(world.theirs.send("hello?"));
  world.sim.advance(10ms);
  CHECK(world.theirs.events == events{"ended", "closed connection_reset"});
  CHECK_FALSE(world.theirs.send("hello?"));
}

TEST_CASE(
    "simulated transport: a listener may destroy it inside each callback, and hears no more") {
  const std::string fatal = GENERATE("bytes", "ended", "drained", "polled", "closed");
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    simulation_config config;
    config.seed = seed;
    config.transports.low_water_bytes = 10;
    connected_world world{config};
    int calls_after = 0;
    world.theirs.on_event = [&](const std::string& what) {
      if (!world.theirs.socket)
        ++calls_after;
      if (what.starts_with(fatal))
        world.theirs.socket.reset();
    };
    REQUIRE(world.theirs.send(std::string(100, 'x')));
    REQUIRE(world.ours.send(numbers(100)));
    world.sim.advance(10ms);
    if (world.theirs.socket)
      world.theirs.socket->poll();
    world.sim.advance(10ms);
    if (fatal == "closed")
      world.sim.network().cut("client", "node");
    else
      world.ours.socket->close();
    world.sim.advance(10ms);
    REQUIRE(world.theirs.socket == nullptr);
    REQUIRE(calls_after == 0);
  }
}

TEST_CASE("simulated transport: released and adopted on another reactor, not a byte is lost") {
  connected_world world;
  auto& second = world.sim.host("node").reactor(1);
  REQUIRE(world.ours.send("first "));
  world.sim.advance(10ms);
  REQUIRE(world.ours.send("second "));
  auto moving = world.theirs.socket->release();
  REQUIRE(moving);
  CHECK_FALSE(world.theirs.send("x"));
  CHECK(world.theirs.socket->release() == nullptr);
  world.sim.advance(10ms);
  socket_probe there;
  there.take(second.adopt(std::move(moving)));
  REQUIRE(world.ours.send("third"));
  world.sim.advance(10ms);
  CHECK(world.theirs.received == "first ");
  CHECK(there.received == "second third");
  REQUIRE(there.send("answer"));
  world.sim.advance(10ms);
  CHECK(world.ours.received == "answer");
}

TEST_CASE(
    "simulated transport: it is not released with bytes unsent, and a socket in between closes "
    "when dropped") {
  connected_world world;
  REQUIRE(world.ours.send("unsent"));
  CHECK(world.ours.socket->release() == nullptr);
  world.sim.advance(10ms);
  CHECK(world.ours.socket->release() != nullptr);
  world.sim.advance(10ms);
  CHECK(world.theirs.events == events{"ended"});
}

TEST_CASE("simulated transport: attach hands over to another listener") {
  connected_world world;
  socket_probe other;
  REQUIRE(world.ours.send("one"));
  world.sim.advance(10ms);
  world.theirs.socket->attach(other);
  REQUIRE(world.ours.send("two"));
  world.sim.advance(10ms);
  CHECK(world.theirs.received == "one");
  CHECK(other.received == "two");
}

TEST_CASE("simulated transport: its peer is named with its port") {
  connected_world world;
  CHECK(world.ours.socket->peer() == "node:7400");
  CHECK(world.theirs.socket->peer() == "client:49152");
}
