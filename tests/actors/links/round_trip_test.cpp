#include "byssus/actors/links/round_trip.hpp"

#include "byssus/tests/catch.hpp"

using namespace std::chrono_literals;

namespace byssus {

TEST_CASE("round_trip: before the first sample a pong may take a second") {
  const round_trip timing{5s};
  CHECK_FALSE(timing.measured());
  CHECK(timing.deadline() == 1s);
  CHECK(timing.smoothed() == 0ns);
}

TEST_CASE("round_trip: the first sample sets srtt to itself and rttvar to its half") {
  round_trip timing{5s};
  timing.sample(400ms);
  CHECK(timing.smoothed() == 400ms);
  CHECK(timing.variation() == 200ms);
  CHECK(timing.deadline() == 1200ms);
}

TEST_CASE(
    "round_trip: later samples weigh an eighth in srtt and a quarter in rttvar, against the old "
    "srtt") {
  round_trip timing{5s};
  timing.sample(400ms);
  timing.sample(800ms);
  CHECK(timing.variation() == 250ms);
  CHECK(timing.smoothed() == 450ms);
  CHECK(timing.deadline() == 1450ms);
  timing.sample(50ms);
  CHECK(timing.variation() == 287'500us);
  CHECK(timing.smoothed() == 400ms);
}

TEST_CASE("round_trip: on a fast path the deadline is 200 ms") {
  round_trip timing{5s};
  for (int n = 0; n < 50; ++n)
    timing.sample(100us);
  CHECK(timing.deadline() == 200ms);
}

TEST_CASE("round_trip: no deadline is longer than the interval") {
  round_trip timing{300ms};
  CHECK(timing.deadline() == 300ms);
  timing.sample(250ms);
  CHECK(timing.deadline() == 300ms);
  CHECK(round_trip{50ms}.deadline() == 50ms);
}

TEST_CASE(
    "round_trip: one outlier beyond the interval counts as the interval and is soon forgotten") {
  round_trip timing{1s};
  for (int n = 0; n < 20; ++n)
    timing.sample(20ms);
  timing.sample(1h);
  CHECK(timing.smoothed() < 150ms);
  int samples = 0;
  for (; timing.deadline() > 250ms; ++samples)
    timing.sample(20ms);
  CHECK(samples < 15);
}

TEST_CASE("round_trip: a negative sample counts as zero") {
  round_trip timing{1s};
  timing.sample(-5ms);
  CHECK(timing.measured());
  CHECK(timing.smoothed() == 0ns);
}

}  // namespace byssus
