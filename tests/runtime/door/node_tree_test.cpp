#include "byssus/actors/pinned.hpp"
#include "byssus/protocol/control.hpp"
#include "byssus/protocol/frame.hpp"
#include "byssus/tests/catch.hpp"

#include "scene.hpp"
#include <string>

using namespace byssus;
using namespace byssus::testing;
using namespace std::chrono_literals;
using protocol::close_code;

namespace {

/// What must be as before when a node is gone.
struct footprint {
  std::size_t actors = pinned_count::live;
  std::size_t frames = protocol::frame::live();

  friend bool operator==(const footprint&, const footprint&) = default;
};

void expect_nothing_left(scene& here) {
  here.sim.settle();
  CHECK(here.node->actors() == 0);
  CHECK(here.node->timers_running() == 0);
  CHECK(here.node->jobs_pending() == 0);
  CHECK(here.sim.network().open_sockets("node") == 0);
}

}  // namespace

TEST_CASE("node_tree: sockets are dealt to the reactors in turn") {
  scene here{1, 3};
  for (const auto* name : {"a", "b", "c", "d", "e", "f"})
    here.welcomed(name);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(here.node->reactor(i).actors() == 4);  // two clients, ROOM, REAPER
  const auto counts = here.counts();
  CHECK(counts.accepted == 6);
  CHECK(counts.admitted == 6);
  CHECK(counts.sockets == 6);
}

TEST_CASE(
    "node_tree: a client is reaped 3 intervals and 3 s after his last byte, at the latest 2 s "
    "later") {
  scene here{1, 2};
  auto& dead = here.welcomed("dead");
  auto& alive = here.welcomed("alive");
  const auto began = here.sim.now();
  for (std::uint64_t i = 0; i < 12 && !dead.ended(); ++i) {
    alive.send(protocol::encode_ping({i, 0}));
    here.sim.run_until([&] { return dead.ended(); }, 2s);
  }
  CHECK(dead.code() == close_code::heartbeat_timeout);
  CHECK(here.sim.now() - began >= 17900ms);
  CHECK(here.sim.now() - began <= 20100ms);
  CHECK(here.closing_lines().size() == 1);
  CHECK_FALSE(alive.ended());
}

TEST_CASE("node_tree: a plain client is reaped only if he has ever sent a ping") {
  scene here;
  auto& listener = here.dial();
  auto& talker = here.dial().send("hello");
  auto& pinger = here.dial().send("ping");
  here.sim.advance(17s);
  CHECK_FALSE(pinger.ended());
  here.sim.advance(4s);
  CHECK(pinger.code() == close_code::heartbeat_timeout);
  here.sim.advance(10min);
  CHECK_FALSE(listener.ended());
  CHECK_FALSE(talker.ended());
}

TEST_CASE("node_tree: a node that stops tells everybody, and nothing of it is left") {
  const footprint before;
  {
    scene here{1, 3};
    auto& framed = here.welcomed("framed").send(protocol::encode_subscribe({"lobby", {}}));
    auto& plain = here.dial().send("hello");
    auto& silent = here.dial();
    here.sim.advance(1s);
    auto& greeting = here.dial().send(protocol::encode_preface());
    here.sim.advance(1s);
    REQUIRE(here.counts().sockets == 4);
    here.stop();
    here.sim.advance(10ms);
    CHECK(framed.code() == close_code::going_away);
    CHECK(plain.bytes().ends_with("closed: 4000 going_away, the node stops\n"));
    CHECK(greeting.code() == close_code::going_away);
    CHECK(silent.ended());
    CHECK(here.closing_lines().empty());
    expect_nothing_left(here);
    auto& late = here.dial();
    here.expect([&] { return late.ended(); });
  }
  CHECK(footprint{} == before);
}

TEST_CASE("node_tree: a node that stops waits for nobody beyond its deadlines") {
  scene here{1, 2};
  here.welcomed("stuck").send(protocol::encode_subscribe({"lobby", {}}));
  here.sim.host("client 1").stop();
  auto& writer = here.welcomed("writer");
  for (int i = 0; i < 20; ++i)
    writer.send(publish("lobby", std::string(30'000, 'x')));
  here.sim.advance(1s);
  bool stopped = false;
  here.tree->stop([&] { stopped = true; });
  here.sim.advance(1s);
  CHECK_FALSE(stopped);
  here.expect([&] { return stopped; }, 3s);
  expect_nothing_left(here);
}

TEST_CASE("node_tree: those who are just being let in are sent away too when the node stops") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    scene here{seed, 1 + seed % 3};
    for (int i = 0; i < 4; ++i)
      here.dial().greet("hasty").send(protocol::encode_subscribe({"lobby", {}}));
    // The hellos arrive after 4 ms.
    here.sim.advance(seed % 2 == 0 ? 4ms - 1ns : 3900us + std::chrono::microseconds{seed * 5});
    bool stopped = false;
    here.sim.after(1ns, [&] { here.tree->stop([&stopped] { stopped = true; }); });
    here.expect([&] { return stopped; }, 1s);
    expect_nothing_left(here);
  }
}

TEST_CASE("node_tree: stopping twice, or without a start, calls back each time") {
  scene here;
  int called = 0;
  here.tree->stop([&] { ++called; });
  here.tree->stop([&] { ++called; });
  here.expect([&] { return called == 2; });
  here.tree->stop([&] { ++called; });
  here.expect([&] { return called == 3; });
  CHECK(here.counts().accepted == 0);
}

TEST_CASE("node_tree: a stopped node can be started again") {
  scene here{1, 2};
  here.stop();
  REQUIRE(here.tree->start());
  here.expect_all_well();
}

TEST_CASE("node_tree: a taken port is reported, and the tree holds nothing") {
  scene here;
  const footprint before;
  node_settings same;
  same.listen = here.where;
  node_tree second{{&here.node->reactor()}, same};
  const auto outcome = second.start();
  CHECK_FALSE(outcome);
  CHECK(outcome.reason == errc::address_in_use);
  CHECK_FALSE(outcome.detail.empty());
  CHECK(footprint{} == before);
  here.expect_all_well();
}

TEST_CASE(
    "node_tree: a process that is killed leaves nothing, and its next life takes everybody in") {
  const footprint before;
  {
    scene here{1, 2};
    here.welcomed("ann");
    here.dial().send("hello");
    here.dial().send(protocol::encode_preface());
    here.sim.advance(1s);
    here.node->kill();
    here.tree.reset();
    expect_nothing_left(here);
    here.node->start();
    here.node->runs(
        [](std::span<simulated_reactor* const> reactors) -> process {
          node_settings settings;
          settings.listen = {"node", 7400};
          auto next = std::make_shared<node_tree>(
              std::vector<reactor*>{reactors.begin(), reactors.end()}, settings);
          REQUIRE(next->start());
          return next;
        },
        2);
    here.expect_all_well();
  }
  CHECK(footprint{} == before);
}
