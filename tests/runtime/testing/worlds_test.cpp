#include "byssus/tests/catch.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "probes.hpp"

using namespace byssus;
using namespace byssus::testing;

namespace {

// The example in simulation.hpp, word by word.
struct clerk_state {
  explicit clerk_state(caf::event_based_actor* self)
      : inlet(self), each_minute(byssus::reactor::of(self).timers(), inlet) {}
  byssus::timer_inlet inlet;
  byssus::timer each_minute;
};

caf::behavior clerk(caf::stateful_actor<clerk_state>* self, const caf::actor& desk) {
  self->state.each_minute.start(60s);
  return {[=](byssus::timer_signal) {
    self->send(desk, std::string{"all quiet"});
    self->state.each_minute.start(60s);
  }};
}

/// Sends back what it gets, and notes on which reactor it ran.
caf::behavior echo(caf::event_based_actor* self, bool* always_home) {
  auto* home = &reactor::of(self);
  return {[home, always_home](int number) {
    *always_home = *always_home && home->runs_here();
    return number;
  }};
}

/// Sends `count` numbers to `peer`, the next when the last came back; notes whether `home` ever ran
/// it.
caf::behavior asking(caf::event_based_actor* self, const caf::actor& peer, int count, reactor* home,
                     int* answered) {
  self->send(peer, count);
  return {[=](int number) {
    *answered += home->runs_here() ? 1000 : 1;
    if (number > 1)
      self->send(peer, number - 1);
  }};
}

/// Counts the reports that it gets.
caf::behavior counting_desk(caf::event_based_actor*, int* reports) {
  return {[reports](const std::string&) { ++*reports; }};
}

/// Sends itself a message after three seconds, and then two more, two seconds apart; notes when
/// they came.
caf::behavior sleeper(caf::event_based_actor* self, simulation* sim, std::vector<duration>* at) {
  self->delayed_send(self, 3s, 1);
  return {[=](int) {
    at->push_back(sim->elapsed());
    if (at->size() < 3)
      self->delayed_send(self, 2s, 1);
  }};
}

}  // namespace

TEST_CASE("simulation: the example of its header is true") {
  byssus::testing::simulation sim{1};
  int reports = 0;
  auto desk = sim.system().spawn(counting_desk, &reports);
  auto worker = sim.host("office").reactor().spawn(clerk, desk);
  sim.advance(1h);
  CHECK(reports == 60);
}

TEST_CASE("simulation: pinned and app actors talk without time passing, each under its own unit") {
  const auto strayed = pinned_count::strayed.load();
  simulation sim;
  auto& home = sim.host("node").reactor(1);
  bool always_home = true;
  int answered = 0;
  {
    auto peer = home.spawn(echo, &always_home);
    sim.system().spawn(asking, peer, 100, &home, &answered);
    sim.settle();
  }
  CHECK(answered == 100);
  CHECK(always_home);
  CHECK(sim.elapsed() == 0s);
  CHECK(pinned_count::strayed == strayed);
  CHECK(sim.jobs_pending() == 0);
}

TEST_CASE("simulation: an app actor's delayed message obeys virtual time") {
  simulation sim;
  std::vector<duration> at;
  {
    auto slow = sim.system().spawn(sleeper, &sim, &at);
    sim.advance(1min);
  }
  CHECK(at == std::vector<duration>{3s, 5s, 7s});
}

TEST_CASE("simulation: a reactor's thread is nobody else's") {
  simulation sim;
  auto& one = sim.host("node").reactor(0);
  auto& other = sim.host("node").reactor(1);
  CHECK(one.runs_here());
  CHECK(other.runs_here());
  bool right = false;
  one.post([&] { right = one.runs_here() && !other.runs_here(); });
  sim.settle();
  CHECK(right);
}

TEST_CASE("simulation: run_until stops at the event that made it true, or at its limit") {
  connected_world world;
  const auto begun = world.sim.elapsed();
  REQUIRE(world.ours.send("x"));
  CHECK(world.sim.run_until([&] { return !world.theirs.received.empty(); }, 1s));
  CHECK(world.sim.elapsed() - begun == 1ms);
  CHECK_FALSE(world.sim.run_until([] { return false; }, 1s));
  CHECK(world.sim.elapsed() - begun == 1001ms);
}

TEST_CASE("simulation: a loop without time is found out") {
  simulation sim;
  auto& home = sim.host("node").reactor();
  std::function<void()> again = [&] { home.post(again); };
  home.post(again);
  CHECK_THROWS_AS(sim.settle(), std::runtime_error);
}

TEST_CASE("simulation: ends actors that still live when it ends") {
  const auto before = pinned_count::live.load();
  {
    simulation sim;
    int reports = 0;
    auto desk = sim.system().spawn(counting_desk, &reports);
    sim.host("office").runs([&desk](auto reactors) -> process {
      return std::make_shared<caf::actor>(reactors[0]->spawn(clerk, desk));
    });
    sim.advance(10s);
    CHECK(pinned_count::live == before + 1);
    CHECK(sim.actors() == 1);
  }
  CHECK(pinned_count::live == before);
}
