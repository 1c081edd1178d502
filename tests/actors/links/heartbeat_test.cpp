#include "byssus/actors/links/heartbeat.hpp"

#include "byssus/actors/errc.hpp"
#include "byssus/runtime/testing/simulation.hpp"
#include "byssus/tests/catch.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "fixtures/neighbours.hpp"
#include <algorithm>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace byssus {

namespace {

using words = std::vector<std::string>;

/// A HEARTBEAT of connection 7 between two fakes, in virtual time.
struct watched_connection {
  explicit watched_connection(std::uint64_t seed = 1, heartbeat_config config = {}) : sim{seed} {
    auto& home = sim.host("client").reactor();
    connection = home.spawn(testing::fake_connection, script);
    supervisor = home.spawn(testing::fake_supervisor, script);
    watch = home.spawn(heartbeat, config, connection, supervisor, std::uint64_t{7});
    sim.settle();
  }

  /// Lets time pass until right after the next ping has been heard.
  void pass_until_ping() {
    const auto before = script->heard.size();
    REQUIRE(sim.run_until([&] { return script->heard.size() > before; }, 1h));
    REQUIRE(script->heard.back().what == "ping");
  }

  testing::simulation sim;
  testing::shared_script script = std::make_shared<testing::neighbour_script>();
  connection_actor connection;
  reconnect_supervisor_actor supervisor;
  heartbeat_actor watch;
};

}  // namespace

TEST_CASE(
    "heartbeat: a healthy connection hears one ping an interval, and the supervisor nothing") {
  watched_connection link;
  link.sim.advance(60s);
  CHECK(link.script->heard.size() == 12);
  for (std::size_t n = 1; n < link.script->heard.size(); ++n)
    CHECK(link.script->heard[n].when - link.script->heard[n - 1].when == 5s);
  CHECK(link.script->taken() == words(12, "ping"));
}

TEST_CASE(
    "heartbeat: the first ping comes within the first interval, not for all at the same time") {
  duration earliest = 1h;
  duration latest{0};
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    watched_connection link{seed};
    link.pass_until_ping();
    earliest = std::min(earliest, link.sim.elapsed());
    latest = std::max(latest, link.sim.elapsed());
  }
  CHECK(earliest > 0s);
  CHECK(earliest < 1s);
  CHECK(latest > 4s);
  CHECK(latest <= 5s);
}

TEST_CASE(
    "heartbeat: silence is told as overdue, probed with doubling deadlines, then told as failed, "
    "once") {
  watched_connection link;
  link.sim.advance(30s);
  link.script->answers_pings = false;
  link.script->taken();
  link.pass_until_ping();
  const auto asked = link.sim.now();
  link.sim.advance(2600ms);
  CHECK(link.sim.timers_running() == 0);
  link.sim.advance(1h);

  const auto heard = link.script->heard;
  CHECK(link.script->taken() ==
        words{"ping", "look", "overdue 7", "ping", "look", "ping", "look", "failed 7 after 3"});
  REQUIRE(heard.size() == 8);
  CHECK(heard[1].when - asked == 200ms);
  CHECK(heard[4].when - asked == 600ms);
  CHECK(heard[7].when - asked == 2500ms);
}

TEST_CASE("heartbeat: a pong ends the suspicion, and the next silence is told anew") {
  watched_connection link;
  link.sim.advance(30s);
  link.script->answers_pings = false;
  link.script->taken();
  link.pass_until_ping();
  link.sim.advance(300ms);
  CHECK(link.script->taken() == words{"ping", "look", "overdue 7", "ping"});

  link.script->answers_pings = true;
  caf::anon_send(link.watch, pong_received{link.script->unanswered.back()});
  link.sim.settle();
  CHECK(link.script->taken() == words{"answered 7"});
  link.sim.advance(5s);
  CHECK(link.script->taken() == words{"ping"});

  link.script->answers_pings = false;
  link.sim.advance(10s);
  CHECK(link.script->taken() ==
        words{"ping", "look", "overdue 7", "ping", "look", "ping", "look", "failed 7 after 3"});
}

TEST_CASE("heartbeat: a pong that the look finds is no miss") {
  watched_connection link;
  link.sim.advance(30s);
  link.script->answers_pings = false;
  link.script->finds_pongs = true;
  link.script->taken();
  link.sim.advance(10s);
  CHECK(link.script->taken() == words{"ping", "look", "ping", "look"});
}

TEST_CASE("heartbeat: while bytes come without pongs, death takes an interval for each miss") {
  watched_connection link;
  link.sim.advance(30s);
  link.script->answers_pings = false;
  link.script->taken();
  link.pass_until_ping();
  const auto asked = link.sim.now();
  const auto failed = [&] { return link.script->heard.back().what == "failed 7 after 3"; };
  while (!failed() && link.sim.now() - asked < 1min) {
    link.script->bytes_received += 100;
    link.sim.advance(50ms);
  }
  CHECK(failed());
  CHECK(link.sim.now() - asked >= 10s);
  CHECK(link.sim.now() - asked < 12s);
  CHECK(std::count_if(link.script->heard.begin(), link.script->heard.end(),
                      [](const auto& each) { return each.what == "overdue 7"; }) == 1);
}

TEST_CASE(
    "heartbeat: a process that was stopped for ten seconds asks again before it suspects anybody") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    watched_connection link{seed};
    link.sim.advance(30s);
    link.script->answers_pings = false;
    link.script->taken();
    link.pass_until_ping();
    link.script->answers_pings = true;
    link.sim.host("client").stop(10s);
    link.sim.advance(1min);
    for (const auto& word : link.script->taken())
      CHECK(word == "ping");
  }
}

TEST_CASE("heartbeat: says how its connection does") {
  watched_connection link;
  const auto status = [&] {
    heartbeat_status answer;
    caf::scoped_actor asker{link.sim.system()};
    auto pending = asker->request(link.watch, caf::infinite, heartbeat_query{});
    link.sim.settle();
    pending.receive([&](const heartbeat_status& now) { answer = now; },
                    [](const caf::error&) { FAIL("the HEARTBEAT did not answer"); });
    return answer;
  };
  CHECK(status().deadline == 1s);
  CHECK(status().state == pulse::alive);
  link.sim.advance(30s);
  CHECK(status().deadline == 200ms);
  link.script->answers_pings = false;
  link.pass_until_ping();
  link.sim.advance(300ms);
  CHECK(status().state == pulse::suspect);
  CHECK(status().misses == 1);
  link.sim.advance(10s);
  CHECK(status().state == pulse::dead);
  CHECK(status().misses == 3);
}

TEST_CASE(
    "heartbeat: a CONNECTION that reports no look is asked once an interval, and never judged") {
  watched_connection link;
  link.sim.advance(30s);
  link.script->answers_pings = false;
  link.script->reports_looks = false;
  link.script->taken();
  link.pass_until_ping();
  link.sim.advance(11s);
  CHECK(link.script->taken() == words{"ping", "look", "ping", "look", "ping", "look"});
}

TEST_CASE("heartbeat: an exit from the supervisor ends it, with its timer") {
  watched_connection link;
  link.sim.advance(7s);
  CHECK(link.sim.timers_running() == 1);
  const auto before = link.sim.actors();
  caf::anon_send_exit(link.watch, caf::exit_reason::user_shutdown);
  link.sim.settle();
  CHECK(link.sim.timers_running() == 0);
  CHECK(link.sim.actors() == before - 1);
  link.script->taken();
  link.sim.advance(1min);
  CHECK(link.script->taken().empty());
}

TEST_CASE("heartbeat: misses and interval follow the config") {
  watched_connection link{1, {.interval = 500ms, .misses = 2}};
  link.sim.advance(10s);
  CHECK(link.script->taken() == words(20, "ping"));
  link.script->answers_pings = false;
  link.sim.advance(5s);
  CHECK(link.script->taken() ==
        words{"ping", "look", "overdue 7", "ping", "ping", "look", "failed 7 after 2"});
}

TEST_CASE("heartbeat: a config out of range is refused") {
  CHECK(!validate(heartbeat_config{}));
  CHECK(errc_of(validate(heartbeat_config{.interval = 9ms})) == errc::invalid_config);
  CHECK(errc_of(validate(heartbeat_config{.interval = 61min})) == errc::invalid_config);
  CHECK(errc_of(validate(heartbeat_config{.misses = 0})) == errc::invalid_config);
  CHECK(errc_of(validate(heartbeat_config{.misses = 11})) == errc::invalid_config);
}

}  // namespace byssus
