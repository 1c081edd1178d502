#include "byssus/tests/catch.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "probes.hpp"

using namespace byssus;
using namespace byssus::testing;

namespace {

struct dialing_state {
  explicit dialing_state(caf::event_based_actor* self)
      : dialed(self), bytes(self), woken(self), beat(reactor::of(self).timers(), woken) {}
  dial_inlet dialed;
  transport_inlet bytes;
  timer_inlet woken;
  timer beat;
  std::unique_ptr<dial> attempt;
  std::unique_ptr<transport> socket;
};

/// Dials `target` and says "beat" to it every second.
caf::behavior beating(caf::stateful_actor<dialing_state>* self, const endpoint& target) {
  auto& state = self->state;
  state.attempt = reactor::of(self).dialer().start(target, {}, state.dialed);
  return {
      [self](const dial_signal& signal) {
        if (!signal.fresh)
          return self->quit();
        self->state.socket = std::move(*signal.fresh);
        self->state.socket->attach(self->state.bytes);
        self->state.beat.start(1s);
      },
      [self](const transport_signal& signal) {
        if (signal.what == transport_signal::kind::closed)
          self->quit();
      },
      [self](const timer_signal&) {
        if (self->state.socket->send(bytes_of("beat"), lane::bulk))
          self->state.beat.start(1s);
      },
  };
}

/// Notes its number when it ends.
struct numbered_state {
  ~numbered_state() {
    if (ended)
      ended->push_back(number);
  }
  std::vector<int>* ended = nullptr;
  int number = 0;
};

caf::behavior numbered(caf::stateful_actor<numbered_state>* self, std::vector<int>* ended,
                       int number) {
  self->state.ended = ended;
  self->state.number = number;
  return {[](int) {}};
}

/// A process that listens and beats nobody; counts its starts.
struct listening_process {
  accept_probe accepting;
  std::vector<std::unique_ptr<socket_probe>> guests;
};

}  // namespace

TEST_CASE(
    "host: kill -9 ends its actors, resets its connections and frees its ports, and it starts "
    "again") {
  const auto before = pinned_count::live.load();
  {
    simulation sim;
    int starts = 0;
    auto& client = sim.host("client");
    accept_probe accepting;
    REQUIRE(accepting.start(sim.host("node").reactor(), {"node", 7400}));
    client.runs([&starts](std::span<simulated_reactor* const> reactors) -> process {
      ++starts;
      return std::make_shared<caf::actor>(reactors[0]->spawn(beating, endpoint{"node", 7400}));
    });
    sim.advance(10s);
    CHECK(client.actors() == 1);
    CHECK(client.timers_running() == 1);
    CHECK(pinned_count::live == before + 1);
    socket_probe theirs;
    theirs.take(sim.host("node").reactor().adopt(std::move(accepting.strangers.at(0))));
    sim.advance(10ms);
    CHECK(theirs.received.starts_with("beatbeat"));

    client.kill();
    CHECK(client.actors() == 0);
    CHECK(client.timers_running() == 0);
    CHECK(client.jobs_pending() == 0);
    CHECK(pinned_count::live == before);
    CHECK(sim.network().open_sockets("client") == 0);
    sim.advance(1s);
    CHECK(theirs.events == events{"closed connection_reset"});

    client.start();
    sim.advance(1s);
    CHECK(starts == 2);
    CHECK(client.actors() == 1);
    CHECK(accepting.strangers.size() == 2);
    CHECK(sim.network().faults().of(fault::kill) == 1);
  }
  CHECK(pinned_count::live == before);
  CHECK(pinned_count::strayed == 0);
}

TEST_CASE("host: what the process held is released by a kill, after its actors") {
  simulation sim;
  auto& node = sim.host("node");
  std::weak_ptr<listening_process> held;
  node.runs([&held](std::span<simulated_reactor* const> reactors) -> process {
    auto made = std::make_shared<listening_process>();
    REQUIRE(made->accepting.start(*reactors[0], {"node", 7400}));
    held = made;
    return made;
  });
  CHECK_FALSE(held.expired());
  node.kill();
  CHECK(held.expired());
  dial_probe dialing;
  dialing.start(sim.host("client").reactor(), {"node", 7400});
  sim.advance(1s);
  CHECK(dialing.events == events{"connect_refused node:7400"});
  node.start();
  dialing.start(sim.host("client").reactor(), {"node", 7400});
  sim.advance(1s);
  CHECK(dialing.events.back() == "dialed");
}

TEST_CASE("host: a kill ends actors in the order in which they began, so that a seed repeats it") {
  std::vector<int> ended;
  std::vector<int> begun;
  simulation sim;
  auto& node = sim.host("node");
  node.runs([&](auto reactors) -> process {
    auto all = std::make_shared<std::vector<caf::actor>>();
    for (int number = 0; number < 50; ++number) {
      all->push_back(reactors[0]->spawn(numbered, &ended, number));
      begun.push_back(number);
    }
    return all;
  });
  sim.settle();
  CHECK(node.actors() == 50);
  node.kill();
  CHECK(ended == begun);
}

TEST_CASE("host: killed as Linux does it, its peers see an end") {
  connected_world world;
  world.sim.host("node").kill(last_words::end);
  world.sim.advance(10ms);
  CHECK(world.ours.events == events{"ended"});
}

TEST_CASE(
    "host: without power it says nothing, lets nobody in, and resets old connections when it is "
    "back") {
  simulation_config config;
  config.transports.user_timeout = 0s;
  connected_world world{config};
  world.sim.host("node").kill(last_words::none);
  REQUIRE(world.ours.send("are you there?"));
  dial_probe dialing;
  dialing.start(world.client(), {"node", 7400}, {1s, 3s});
  world.sim.advance(1min);
  CHECK(world.ours.events.empty());
  CHECK(dialing.events == events{"connect_timeout node:7400"});
  CHECK(world.sim.network().faults().of(fault::power_off) == 1);
  world.sim.host("node").start();
  world.sim.advance(2s);
  CHECK(world.ours.events == events{"closed connection_reset"});
}

TEST_CASE(
    "host: while stopped its kernel lets connections up and takes bytes; all is there when it goes "
    "on") {
  connected_world world;
  auto& node = world.sim.host("node");
  node.stop(10s);
  REQUIRE(world.ours.send("patience"));
  dial_probe dialing;
  dialing.start(world.client(), {"node", 7400});
  world.sim.advance(9s);
  CHECK(world.theirs.received.empty());
  CHECK(dialing.events == events{"dialed"});
  CHECK(world.accepting.strangers.size() == 1);
  world.sim.advance(1s);
  CHECK(world.theirs.received == "patience");
  CHECK(world.accepting.strangers.size() == 2);
}

TEST_CASE("host: a later resume or stop outdoes an earlier stop's end") {
  simulation sim;
  auto& node = sim.host("node");
  node.stop(5s);
  sim.advance(1s);
  node.resume();
  node.stop();
  sim.advance(1h);
  CHECK(node.stopped());
  node.resume();
  CHECK_FALSE(node.stopped());
}

TEST_CASE(
    "host: posted tasks run in a later turn, deferred listeners at the end of the present one") {
  simulation sim;
  auto& home = sim.host("node").reactor();
  std::string order;
  struct ending final : turn_listener {
    explicit ending(std::string& in) : text(in) {}
    void on_turn_end() override { text += "end "; }
    std::string& text;
  } at_end{order}, forgotten{order};
  home.post([&] {
    home.defer(at_end);
    home.defer(at_end);
    home.defer(forgotten);
    home.post([&] { order += "later "; });
    order += "now ";
    home.forget(forgotten);
  });
  CHECK(order.empty());
  sim.settle();
  CHECK(order == "now end later ");
}

TEST_CASE("host: a kill from inside an actor is refused, as the test's business") {
  simulation sim;
  auto& node = sim.host("node");
  bool refused = false;
  node.reactor().post([&] {
    try {
      node.kill();
    } catch (const std::logic_error&) {
      refused = true;
    }
  });
  sim.settle();
  CHECK(refused);
  CHECK(node.alive());
}

TEST_CASE("host: its journal keeps what its reactors write") {
  simulation sim;
  auto& node = sim.host("node");
  node.reactor(1).journal().write(severity::warning, "the tide is high");
  node.reactor(0).journal().write(severity::debug, "not wanted");
  CHECK(node.journal().says("tide"));
  CHECK(node.journal().count(severity::warning) == 1);
  CHECK(node.journal().lines().size() == 1);
}
