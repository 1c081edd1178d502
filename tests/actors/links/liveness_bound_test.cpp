#include "byssus/tests/catch.hpp"

#include "fixtures/simulated_peer.hpp"
#include <vector>

using namespace std::chrono_literals;

/// The two numbers that DESIGN promises, over a grid: how soon silent death is found, and that
/// health costs nothing.
namespace byssus {

namespace {

using testing::peer_behaviour;
using testing::simulated_peer;

const std::vector<duration> intervals{50ms, 200ms, 1s, 5s, 30s};

/// Round trips from none to half of the interval: longer ones never fit D <= interval in the first
/// place.
std::vector<duration> round_trips(duration interval) {
  std::vector<duration> fitting;
  for (const duration each : {0ms, 1ms, 20ms, 49ms, 100ms, 450ms, 1900ms, 7000ms})
    if (each <= interval / 2)
      fitting.push_back(each);
  return fitting;
}

/// How long after the peer's death it was found, less what is promised for the longest deadline it
/// could have had: interval + max(W, (2^m - 1) D).
duration excess(duration interval, std::uint32_t misses, const peer_behaviour& how) {
  simulated_peer peer{interval, misses, how};
  peer.run_until(*how.silent_from + 1000 * interval);
  REQUIRE(peer.failed == 1);
  const auto factor = (1 << misses) - 1;
  const duration least = misses == 1 ? 0s : std::min<duration>(2500ms, misses * interval);
  const auto promised = interval + std::max(least, factor * peer.longest_deadline);
  return peer.now() - *how.silent_from - promised;
}

}  // namespace

TEST_CASE(
    "liveness: silent death is found within one interval and W or 7 deadlines, whenever it "
    "comes") {
  duration worst = -1h;
  for (const auto interval : intervals)
    for (const auto rtt : round_trips(interval))
      for (const duration chatter : {0ns, duration{interval / 100}})
        for (int step = 0; step <= 40; ++step)
          for (const auto phase : {duration{1}, interval / 3, interval}) {
            const auto death = 20 * interval + step * interval / 20;
            const auto over = excess(
                interval, 3,
                {.round_trip = rtt, .phase = phase, .silent_from = death, .chatter = chatter});
            if (over > 0ns)
              FAIL("interval " << interval.count() << ", round trip " << rtt.count()
                               << ", death at " << death.count() << ": " << over.count()
                               << " ns too late");
            worst = std::max(worst, over);
          }
  CHECK(worst <= 0ns);
  CHECK(worst > -100ms);  // the bound is no wider than it must be
}

TEST_CASE("liveness: a peer that is dead from the start is found within one interval and 7 s") {
  for (const auto interval : intervals)
    for (const auto phase : {duration{1}, interval / 2, interval})
      CHECK(excess(interval, 3, {.phase = phase, .silent_from = duration{0}}) <= 0ns);
}

TEST_CASE("liveness: on a healthy network's round trips death is found within interval + 3 s") {
  for (const auto interval : {1s, 5s, 30s})
    for (const auto rtt : {0ms, 1ms, 20ms, 100ms, 200ms}) {
      const auto death = 40 * interval + 1ms;
      simulated_peer peer{interval, 3, {.round_trip = rtt, .silent_from = death}};
      peer.run_until(1000 * interval);
      CHECK(peer.failed == 1);
      CHECK(peer.now() - death <= interval + 2500ms);  // and half a second is left for late timers
    }
}

TEST_CASE("liveness: with any number of misses the bound is interval + W or (2^m - 1) deadlines") {
  for (std::uint32_t misses = 1; misses <= 6; ++misses)
    for (int step = 0; step <= 20; ++step)
      CHECK(excess(5s, misses, {.round_trip = 100ms, .silent_from = 60s + step * 250ms}) <= 0ns);
}

TEST_CASE(
    "liveness: a peer that went mute first and silent later is found no later than a silent one") {
  for (const auto interval : intervals)
    for (const auto rtt : round_trips(interval))
      for (const auto chatter : {interval / 100, interval / 10, interval / 3})
        for (int step = 0; step <= 60; ++step) {
          const auto mute = 20 * interval;
          peer_behaviour how{.round_trip = rtt,
                             .silent_from = mute + step * interval / 20,
                             .mute_from = mute,
                             .chatter = chatter};
          CHECK(excess(interval, 3, how) <= 0ns);
        }
}

TEST_CASE(
    "liveness: nobody is dead sooner than W after the first ping without an answer, whenever the "
    "last byte came") {
  for (const auto interval : {duration{800ms}, duration{1s}, duration{5s}})
    for (const duration chatter : {0ms, 10ms, 70ms, 300ms})
      for (int step = 0; step <= 120; ++step) {
        const auto mute = 20 * interval;
        simulated_peer peer{interval,
                            3,
                            {.round_trip = 1ms,
                             .silent_from = mute + step * interval / 40,
                             .mute_from = mute,
                             .chatter = chatter}};
        peer.run_until(1000 * interval);
        REQUIRE(peer.failed == 1);
        CHECK(peer.now() - *peer.unanswered_since >= std::min<duration>(2500ms, 3 * interval));
      }
}

TEST_CASE("liveness: a healthy connection has one ping an interval and nothing else") {
  for (const auto interval : intervals)
    for (const auto rtt : round_trips(interval))
      for (const duration chatter : {0ns, duration{interval / 7}}) {
        // The first deadline, before any sample, is a second at most; a round trip must fit it.
        if (rtt >= std::min<duration>(interval, 1s))
          continue;
        simulated_peer peer{interval, 3, {.round_trip = rtt, .chatter = chatter}};
        peer.run_until(1000 * interval);
        CHECK(peer.pings == 1000);
        CHECK(peer.polls == 0);
        CHECK(peer.overdue == 0);
      }
}

}  // namespace byssus
