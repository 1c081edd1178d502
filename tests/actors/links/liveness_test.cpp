#include "byssus/actors/links/liveness.hpp"

#include "byssus/tests/catch.hpp"

#include "fixtures/simulated_peer.hpp"

using namespace std::chrono_literals;

namespace byssus {

namespace {

constexpr instant start{1h};

constexpr liveness_decision nothing{};

liveness_decision ping(std::uint64_t nonce) {
  return {.ping = nonce};
}
liveness_decision look() {
  return {.poll = true};
}
liveness_decision suspect_and_ping(std::uint64_t nonce) {
  return {.overdue = true, .ping = nonce};
}

/// A judge of 5 s and 3 misses, 100 ms round trips long measured, whose ping 50 has just left at
/// `start`.
liveness settled() {
  liveness judge{5s, 3, 0};
  judge.begin(start - 250s, 1ns);
  for (std::uint64_t nonce = 0; nonce < 50; ++nonce) {
    judge.on_wake(start - 250s + 1ns + nonce * 5s);
    judge.on_pong(nonce, start - 250s + 1ns + nonce * 5s + 100ms);
  }
  judge.on_wake(start + 1ns);
  return judge;
}

constexpr instant asked = start + 1ns;

}  // namespace

TEST_CASE("liveness: a ping leaves every interval, the first one after the jitter") {
  liveness judge{5s, 3, 7};
  CHECK(judge.wake_at() == std::nullopt);
  judge.begin(start, 2s);
  CHECK(judge.wake_at() == start + 2s);
  CHECK(judge.on_wake(start + 1s) == nothing);
  CHECK(judge.on_wake(start + 2s) == ping(7));
  CHECK(judge.on_pong(7, start + 2s + 10ms) == nothing);
  CHECK(judge.wake_at() == start + 7s);
  CHECK(judge.on_wake(start + 7s) == ping(8));
}

TEST_CASE("liveness: the first pong may take a second, later ones what RFC 6298 says") {
  liveness judge{5s, 3, 0};
  judge.begin(start, 1ns);
  judge.on_wake(start + 1ns);
  CHECK(judge.wake_at() == start + 1ns + 1s);
  judge.on_pong(0, start + 1ns + 300ms);
  judge.on_wake(start + 1ns + 5s);
  CHECK(judge.wake_at() == start + 1ns + 5s + 900ms);
}

TEST_CASE("liveness: no verdict before the socket was looked at, and pongs found there count") {
  auto judge = settled();
  CHECK(judge.on_wake(asked + 200ms) == look());
  CHECK(judge.state() == pulse::alive);
  CHECK(judge.on_pong(50, asked + 200ms) == nothing);
  CHECK(judge.on_polled(1000, asked + 200ms) == nothing);
  CHECK(judge.state() == pulse::alive);
}

TEST_CASE("liveness: in silence the misses left are probed at once, deadlines doubling") {
  auto judge = settled();
  CHECK(judge.on_wake(asked + 200ms) == look());
  CHECK(judge.on_polled(0, asked + 200ms) == suspect_and_ping(51));
  CHECK(judge.state() == pulse::suspect);
  CHECK(judge.wake_at() == asked + 600ms);
  CHECK(judge.on_wake(asked + 600ms) == look());
  CHECK(judge.on_polled(0, asked + 600ms) == ping(52));
  CHECK(judge.wake_at() == asked + 2500ms);
  CHECK(judge.on_wake(asked + 2500ms) == look());
  CHECK(judge.on_polled(0, asked + 2500ms) == liveness_decision{.failed = true});
  CHECK(judge.state() == pulse::dead);
  CHECK(judge.misses() == 3);
  CHECK(judge.wake_at() == std::nullopt);
}

TEST_CASE("liveness: the last probe may take until 2.5 s after the first ping, or twice as long") {
  struct row {
    duration round_trip;
    duration last_look;  ///< after the first ping
  };
  for (const auto& [round_trip, last_look] :
       {row{10ms, 2500ms},      // D is 200 ms
        row{300ms, 2500ms},     // D is 300 ms by now, 7 D less than 2.5 s
        row{500ms, 3500ms}}) {  // 7 D
    liveness judge{5s, 3, 0};
    judge.begin(start - 500s, 1ns);
    auto ping_at = start;
    for (std::uint64_t nonce = 0; nonce < 100; ++nonce) {
      ping_at = *judge.wake_at();
      judge.on_wake(ping_at);
      judge.on_pong(nonce, ping_at + round_trip);
    }
    ping_at = *judge.wake_at();
    judge.on_wake(ping_at);
    for (int look = 0; look < 2; ++look) {
      const auto when = *judge.wake_at();
      judge.on_wake(when);
      judge.on_polled(0, when);
    }
    CHECK(*judge.wake_at() - ping_at >= last_look);
    CHECK(*judge.wake_at() - ping_at < last_look + 10ms);
  }
}

TEST_CASE(
    "liveness: with short intervals the last probe may take until three of them have passed") {
  testing::simulated_peer peer{500ms, 3, {.round_trip = 1ms, .silent_from = 10s + 1ns}};
  peer.run_until(1min);
  CHECK(peer.failed == 1);
  CHECK(peer.now() == 10s + 1500ms + 1ns);  // the ping that left at 10 s is the first unanswered
}

TEST_CASE("liveness: the dead stay dead") {
  auto judge = settled();
  for (const auto when : {200ms, 600ms, 2500ms}) {
    judge.on_wake(asked + when);
    judge.on_polled(0, asked + when);
  }
  CHECK(judge.on_pong(52, asked + 3s) == nothing);
  CHECK(judge.on_wake(asked + 20s) == nothing);
  CHECK(judge.on_polled(9, asked + 20s) == nothing);
  CHECK(judge.state() == pulse::dead);
}

TEST_CASE("liveness: only a pong clears suspicion, bytes do not") {
  auto judge = settled();
  judge.on_wake(asked + 200ms);
  judge.on_polled(1000, asked + 200ms);
  judge.on_wake(asked + 600ms);
  CHECK(judge.on_polled(2000, asked + 600ms) == nothing);
  CHECK(judge.state() == pulse::suspect);
  CHECK(judge.on_pong(51, asked + 700ms) == liveness_decision{.answered = true});
  CHECK(judge.state() == pulse::alive);
  CHECK(judge.misses() == 0);
}

TEST_CASE("liveness: a pong for an older ping of the connection proves the round trip too") {
  auto judge = settled();
  judge.on_wake(asked + 200ms);
  judge.on_polled(0, asked + 200ms);
  CHECK(judge.on_pong(50, asked + 400ms) == liveness_decision{.answered = true});
  CHECK(judge.on_pong(51, asked + 500ms) == nothing);
  CHECK(judge.wake_at() == asked + 5200ms);
}

TEST_CASE(
    "liveness: a probe that is still unanswered when an older ping was answered is judged in its "
    "turn") {
  auto judge = settled();
  judge.on_wake(asked + 200ms);
  judge.on_polled(0, asked + 200ms);
  judge.on_pong(50, asked + 400ms);
  const auto due = asked + 200ms + judge.timing().deadline();
  CHECK(judge.wake_at() == due);
  CHECK(judge.on_wake(due) == look());
  CHECK(judge.on_polled(1, due) == suspect_and_ping(52));
}

TEST_CASE("liveness: a nonce that is unknown or was answered before proves nothing") {
  auto judge = settled();
  judge.on_wake(asked + 200ms);
  judge.on_polled(0, asked + 200ms);
  CHECK(judge.on_pong(49, asked + 300ms) == nothing);
  CHECK(judge.on_pong(52, asked + 300ms) == nothing);
  CHECK(judge.on_pong(~std::uint64_t{0}, asked + 300ms) == nothing);
  CHECK(judge.state() == pulse::suspect);
}

TEST_CASE("liveness: a look that was not wanted decides nothing") {
  auto judge = settled();
  CHECK(judge.on_polled(5, asked + 100ms) == nothing);
  CHECK(judge.wake_at() == asked + 200ms);
}

TEST_CASE(
    "liveness: a timer late by more than its deadline is no evidence, a fresh ping asks again") {
  auto judge = settled();
  CHECK(judge.on_wake(asked + 400ms + 1ns) == ping(51));
  CHECK(judge.state() == pulse::alive);
  CHECK(judge.wake_at() == asked + 600ms + 1ns);
}

TEST_CASE("liveness: a timer late by its deadline and no more is evidence") {
  auto judge = settled();
  CHECK(judge.on_wake(asked + 400ms) == look());
}

TEST_CASE("liveness: a probe whose timer was late is asked again with the same patience") {
  auto judge = settled();
  judge.on_wake(asked + 200ms);
  judge.on_polled(0, asked + 200ms);
  CHECK(judge.on_wake(asked + 10s) == ping(52));
  CHECK(judge.misses() == 1);
  CHECK(judge.wake_at() == asked + 10'400ms);
}

TEST_CASE("liveness: a pong that waited in a stopped process is no sample") {
  auto judge = settled();
  const auto before = judge.timing().smoothed();
  CHECK(judge.on_pong(50, asked + 10s) == nothing);
  CHECK(judge.timing().smoothed() == before);

  auto timer_first = settled();
  timer_first.on_wake(asked + 10s);
  CHECK(timer_first.on_pong(50, asked + 10s) == nothing);
  CHECK(timer_first.timing().smoothed() == before);
}

TEST_CASE("liveness: a late pong is a sample of its own ping") {
  auto judge = settled();
  judge.on_wake(asked + 200ms);
  judge.on_polled(0, asked + 200ms);
  judge.on_pong(50, asked + 500ms);
  CHECK(judge.timing().smoothed() > 140ms);
}

TEST_CASE("liveness: a look that nobody reports is asked for again an interval later") {
  auto judge = settled();
  CHECK(judge.on_wake(asked + 200ms) == look());
  CHECK(judge.wake_at() == asked + 5200ms);
  CHECK(judge.on_wake(asked + 5200ms) == liveness_decision{.ping = 51, .poll = true});
  CHECK(judge.on_polled(0, asked + 5200ms) == suspect_and_ping(52));
}

TEST_CASE("liveness: with one miss allowed, suspicion and death come together") {
  liveness judge{5s, 1, 0};
  judge.begin(start, 1s);
  judge.on_wake(start + 1s);
  judge.on_wake(start + 2s);
  CHECK(judge.on_polled(0, start + 2s) == liveness_decision{.overdue = true, .failed = true});
}

TEST_CASE("liveness: while bytes keep coming without a pong, misses count one per interval") {
  testing::simulated_peer peer{5s, 3, {.round_trip = 50ms, .mute_from = 60s, .chatter = 10ms}};
  peer.run_until(10min);
  CHECK(peer.overdue == 1);
  CHECK(peer.failed == 1);
  CHECK(peer.now() > 60s + 10s);
  CHECK(peer.now() < 60s + 16s);
}

TEST_CASE("liveness: while bytes keep coming one probe leaves beside the regular pings") {
  testing::simulated_peer peer{5s, 3, {.round_trip = 50ms, .mute_from = 60s, .chatter = 10ms}};
  peer.run_until(60s + 5ms);
  const auto healthy = peer.pings;
  peer.run_until(10min);
  CHECK(peer.pings - healthy <= 4);
}

TEST_CASE("liveness: a client stopped for ten seconds finds its connection alive") {
  for (const bool timers_first : {true, false}) {
    testing::simulated_peer peer{5s, 3, {.round_trip = 100ms}};
    // Stopped just after a ping left, so that its deadline passes during the stop.
    peer.run_until(30s + 1ns);
    peer.stop_for(10s, timers_first);
    peer.run_until(10min);
    CHECK(peer.overdue == 0);
    CHECK(peer.failed == 0);
    CHECK(peer.judge.timing().deadline() == 200ms);
  }
}

TEST_CASE("liveness: a stop before the last look gives the fresh ping as long as the first had") {
  auto judge = settled();
  for (const auto when : {200ms, 600ms}) {
    judge.on_wake(asked + when);
    judge.on_polled(0, asked + when);
  }
  CHECK(judge.misses() == 2);
  CHECK(judge.on_wake(asked + 1h) == ping(53));
  CHECK(judge.wake_at() == asked + 1h + 2500ms);
}

}  // namespace byssus
