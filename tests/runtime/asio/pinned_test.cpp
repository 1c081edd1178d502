#include "byssus/actors/ports/inlets.hpp"
#include "byssus/tests/catch.hpp"

#include <caf/actor_ostream.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "support/loops.hpp"
#include "support/raw_peer.hpp"
#include "support/wired.hpp"
#include <thread>

using namespace byssus;
using namespace byssus::tests;
using namespace std::chrono_literals;

namespace {

std::string here(loops& running) {
  if (running[0].runs_here())
    return "reactor 0";
  return running.pool().reactors().size() > 1 && running[1].runs_here() ? "reactor 1" : "elsewhere";
}

/// Says where it was made and where each number is handled, and passes the number on.
caf::behavior relay(caf::event_based_actor* self, loops* running, happenings* notes,
                    caf::actor next) {
  notes->add("made on " + here(*running));
  return {[=](int number) {
    notes->add(std::to_string(number) + " on " + here(*running));
    if (next)
      self->send(next, number + 1);
  }};
}

caf::behavior forever(caf::event_based_actor* self, std::atomic<bool>* enough) {
  return {[=](int number) {
    if (!*enough)
      self->send(self, number);
  }};
}

caf::behavior patient(caf::event_based_actor*, int) {
  return {[](int) {}};
}

struct ringing_state {
  std::unique_ptr<timer_inlet> inlet;
  std::unique_ptr<timer> bell;
};

caf::behavior ringing(caf::stateful_actor<ringing_state>* self, loops* running, happenings* notes) {
  self->state.inlet = std::make_unique<timer_inlet>(self);
  self->state.bell = std::make_unique<timer>(reactor::of(self).timers(), *self->state.inlet);
  self->state.bell->start(5ms);
  return {[=](const timer_signal&) {
    notes->add("rang on " + here(*running));
    self->quit();
  }};
}

}  // namespace

TEST_CASE(
    "pinned: an actor is made and handles all messages on its reactor, from whomever they come") {
  loops running{{.reactors = 2}};
  happenings notes;
  auto second = running[1].spawn(relay, &running, &notes, caf::actor{});
  notes.wait_for(1);
  auto first = running[0].spawn(relay, &running, &notes, second);
  notes.wait_for(2);
  caf::anon_send(first, 1);
  CHECK(notes.wait_for(4) == std::vector<std::string>{"made on reactor 1", "made on reactor 0",
                                                      "1 on reactor 0", "2 on reactor 1"});
  CHECK(pinned_count::strayed == 0);
}

TEST_CASE("pinned: an app actor that a pinned one wakes runs on no reactor's thread") {
  loops running;
  happenings notes;
  auto app = running.system().spawn(relay, &running, &notes, caf::actor{});
  notes.wait_for(1);
  auto inside = running[0].spawn(relay, &running, &notes, app);
  notes.wait_for(2);
  for (int round = 0; round < 200; ++round)
    caf::anon_send(inside, 10);
  const auto told = notes.wait_for(402);
  CHECK(std::count(told.begin(), told.end(), "10 on reactor 0") == 200);
  CHECK(std::count(told.begin(), told.end(), "11 on elsewhere") == 200);
}

TEST_CASE("pinned: a timer enters its actor on the reactor, and the actor can end there") {
  loops running;
  happenings notes;
  const auto before = pinned_count::live.load();
  auto one = running[0].spawn(ringing, &running, &notes);
  CHECK(notes.wait_for(1) == std::vector<std::string>{"rang on reactor 0"});
  caf::scoped_actor self{running.system()};
  self->wait_for(one);
  one = nullptr;
  CHECK(eventually([&] { return pinned_count::live == before; }));
}

TEST_CASE(
    "pinned: an actor that sends itself messages for ever keeps neither timers nor sockets "
    "waiting") {
  loops running;
  happenings notes;
  std::atomic<bool> enough{false};
  auto busy = running[0].spawn(forever, &enough);
  for (int number = 0; number < 10; ++number)
    caf::anon_send(busy, number);
  wired line{running};
  line.peer.send("hello");
  CHECK(line.log.received(5) == "hello");
  auto one = running[0].spawn(ringing, &running, &notes);
  CHECK(notes.wait_for(1) == std::vector<std::string>{"rang on reactor 0"});
  enough = true;
}

TEST_CASE("reactor pool: messages that are queued when it stops are handled") {
  loops running;
  happenings notes;
  auto second = running[0].spawn(relay, &running, &notes, caf::actor{});
  auto first = running[0].spawn(relay, &running, &notes, second);
  notes.wait_for(2);
  running.on([&] {
    caf::anon_send(first, 1);
    running.pool().stop();
  });
  running.pool().join();
  const auto told = notes.all();
  REQUIRE(told.size() == 4);
  CHECK(told[2] == "1 on reactor 0");
  CHECK(told[3] == "2 on reactor 0");
}

TEST_CASE(
    "reactor pool: actors that outlive its threads end with the next message, and none is left") {
  const auto before = pinned_count::live.load();
  {
    loops running;
    std::vector<caf::actor> held;
    held.reserve(50);
    for (int index = 0; index < 50; ++index)
      held.push_back(running[0].spawn(patient, index));
    running.on([] {});
    running.pool().stop();
    running.pool().join();
    CHECK(pinned_count::live == before + 50);
    caf::scoped_actor self{running.system()};
    for (auto& each : held) {
      self->monitor(each);
      self->send(each, 1);
      self->receive(
          [&](const caf::down_msg& down) { CHECK(down.reason == caf::exit_reason::kill); });
    }
    held.clear();
    CHECK(pinned_count::live == before);
  }
  CHECK(pinned_count::live == before);
}

TEST_CASE("reactor pool: an actor whose first turn never came is not leaked") {
  const auto before = pinned_count::live.load();
  {
    caf::actor_system_config settings;
    caf::actor_system system{settings};
    kept_journal lines;
    reactor_pool never_started{system, lines};
    auto held = never_started.reactors().front()->spawn(patient, 1);
    never_started.reactors().front()->spawn(patient, 2);
    CHECK(pinned_count::live == before + 2);
    held = nullptr;
  }
  CHECK(pinned_count::live == before);
}
