#include "byssus/actors/links/reaper.hpp"

#include "byssus/runtime/testing/simulation.hpp"
#include "byssus/tests/catch.hpp"

#include <caf/send.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace byssus {

namespace {

/// What the fake connections tell the test: who is there, and who was closed when.
struct register_of_connections {
  std::map<std::string, reap_entry*> open;
  std::map<std::string, duration> closed;
};

using shared_register = std::shared_ptr<register_of_connections>;

struct fake_accepted_state {
  explicit fake_accepted_state(
      accepted_connection_actor::stateful_pointer<fake_accepted_state> self)
      : entry{self} {}
  ~fake_accepted_state() { all->open.erase(id); }

  std::string id;
  shared_register all;
  std::shared_ptr<reap_wheel> wheel;
  reap_entry entry;
};

/// An ACCEPTED CONNECTION that heard hello at once and dies when it is told to close.
accepted_connection_actor::behavior_type fake_accepted(
    accepted_connection_actor::stateful_pointer<fake_accepted_state> self, std::string id,
    shared_register all, std::shared_ptr<reap_wheel> wheel, duration interval) {
  auto& home = reactor::of(self);
  self->state.id = id;
  self->state.all = all;
  self->state.wheel = wheel;
  all->open[id] = &self->state.entry;
  wheel->enter(self->state.entry, interval, home.now());
  return {
      [=, &home](const close_request& asked) {
        CHECK(asked.code == protocol::close_code::heartbeat_timeout);
        CHECK(asked.reason.size() <= protocol::max_close_reason_bytes);
        all->closed[id] = home.now().time_since_epoch();
        self->quit();
      },
      [](const transport_signal&) { FAIL("a transport signal without a transport"); },
      [](const timer_signal&) { FAIL("a timer signal without a timer"); },
  };
}

struct node_with_reaper {
  node_with_reaper() {
    reaping = home().spawn(reaper, wheel);
    sim.settle();
  }

  testing::simulated_reactor& home() { return sim.host("node").reactor(); }

  accepted_connection_actor admit(const std::string& id, duration interval) {
    auto fresh = home().spawn(fake_accepted, id, all, wheel, interval);
    sim.settle();
    return fresh;
  }

  duration lived(const std::string& id, instant since) {
    REQUIRE(all->closed.count(id) == 1);
    return all->closed[id] - since.time_since_epoch();
  }

  testing::simulation sim{1};
  std::shared_ptr<reap_wheel> wheel = std::make_shared<reap_wheel>();
  shared_register all = std::make_shared<register_of_connections>();
  reaper_actor reaping;
};

}  // namespace

TEST_CASE("reaper: closes a connection that was silent for 3 intervals and 3 s") {
  node_with_reaper node;
  const auto since = node.sim.now();
  const auto slow = node.admit("slow", 5s);
  const auto fast = node.admit("fast", 1s);
  node.sim.advance(1min);
  CHECK(node.lived("fast", since) >= 6s);
  CHECK(node.lived("fast", since) < 8s);
  CHECK(node.lived("slow", since) >= 18s);
  CHECK(node.lived("slow", since) < 20s);
  CHECK(node.wheel->size() == 0);
}

TEST_CASE("reaper: any byte counts as life") {
  node_with_reaper node;
  const auto talker = node.admit("talker", 1s);
  for (int n = 0; n < 100; ++n) {
    node.sim.advance(5s);
    node.all->open["talker"]->seen(node.sim.now());
  }
  CHECK(node.all->closed.empty());
  const auto last = node.sim.now();
  node.sim.advance(10s);
  CHECK(node.lived("talker", last) < 8s);
}

TEST_CASE("reaper: a connection that ended by itself is not asked for") {
  node_with_reaper node;
  auto leaver = node.admit("leaver", 1s);
  caf::anon_send_exit(leaver, caf::exit_reason::user_shutdown);
  node.sim.settle();
  CHECK(node.wheel->size() == 0);
  node.sim.advance(1min);
  CHECK(node.all->closed.empty());
}

TEST_CASE("reaper: a thousand connections need one timer") {
  node_with_reaper node;
  std::vector<accepted_connection_actor> crowd;
  for (int n = 0; n < 1'000; ++n)
    crowd.push_back(node.admit(std::to_string(n), 5s));
  CHECK(node.sim.timers_running() == 1);
  node.sim.advance(20s);
  CHECK(node.all->closed.size() == 1'000);
}

TEST_CASE("reaper: a node that was stopped reads what came meanwhile before it reaps") {
  node_with_reaper node;
  const auto client = node.admit("client", 5s);
  node.sim.advance(10s);
  node.sim.host("node").stop(30s);
  node.sim.after(30s + 500ms, [&] { node.all->open["client"]->seen(node.sim.now()); });
  node.sim.advance(40s);
  CHECK(node.all->closed.empty());
}

TEST_CASE("reaper: a node whose timers are always late reaps all the same") {
  node_with_reaper node;
  const auto client = node.admit("client", 1s);
  node.sim.host("node").make_timers_late(1h);
  node.sim.advance(10h);
  CHECK(node.all->closed.count("client") == 1);
}

TEST_CASE("reaper: an exit ends it, with its timer") {
  node_with_reaper node;
  caf::anon_send_exit(node.reaping, caf::exit_reason::user_shutdown);
  node.sim.settle();
  CHECK(node.sim.timers_running() == 0);
  CHECK(node.sim.actors() == 0);
}

}  // namespace byssus
