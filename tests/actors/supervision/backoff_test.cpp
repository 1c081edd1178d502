#include "byssus/actors/supervision/backoff.hpp"

#include "byssus/actors/errc.hpp"
#include "byssus/runtime/testing/seeded_random.hpp"
#include "byssus/tests/catch.hpp"

#include "fixtures/scripted_random.hpp"
#include <algorithm>
#include <vector>

using namespace std::chrono_literals;

namespace byssus {

namespace {

using testing::constant_random;
using testing::seeded_random;

constexpr instant start{1h};

/// The instants, from 0, at which a link attempts that never gets through; each attempt fails at
/// once.
std::vector<duration> attempts_within(duration span, backoff_policy policy, random_source& random) {
  backoff pace{policy};
  std::vector<duration> attempts{0ns};
  auto passed = duration{0};
  for (;;) {
    pace.ended(start + passed, 0ns);
    const auto delay = pace.next(start + passed, random);
    if (!delay || passed + *delay > span)
      return attempts;
    passed += *delay;
    attempts.push_back(passed);
  }
}

std::uint64_t densest(const std::vector<duration>& attempts, duration span) {
  std::uint64_t most = 0;
  auto last = attempts.begin();
  for (auto first = attempts.begin(); first != attempts.end(); ++first) {
    while (last != attempts.end() && *last - *first <= span)
      ++last;
    most = std::max(most, static_cast<std::uint64_t>(last - first));
  }
  return most;
}

}  // namespace

TEST_CASE("backoff: ceilings double from 200 ms to 2 s, and after a minute to 20 s") {
  backoff_policy policy;
  policy.jitter = false;
  constant_random random{0};
  backoff pace{policy};
  pace.ended(start, 0ns);
  CHECK(pace.next(start, random) == 200ms);
  CHECK(pace.next(start, random) == 400ms);
  CHECK(pace.next(start, random) == 800ms);
  CHECK(pace.next(start, random) == 1600ms);
  CHECK(pace.next(start, random) == 2s);
  CHECK(pace.next(start + 60s - 1ns, random) == 2s);
  CHECK(pace.next(start + 60s, random) == 12800ms);
  CHECK(pace.next(start + 73s, random) == 20s);
  CHECK(pace.next(start + 24h, random) == 20s);
}

TEST_CASE(
    "backoff: the delays of a population fill the range from a quarter of the ceiling to all of "
    "it") {
  std::vector<duration> delays;
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    seeded_random random{seed};
    backoff pace{{}};
    pace.ended(start, 0ns);
    delays.push_back(*pace.next(start, random));
  }
  std::sort(delays.begin(), delays.end());
  CHECK(delays.front() >= 50ms);
  CHECK(delays.back() <= 200ms);
  for (std::size_t tenth = 0; tenth < 10; ++tenth) {
    const auto from = 50ms + tenth * 15ms;
    const auto here = std::count_if(delays.begin(), delays.end(), [&](duration delay) {
      return delay >= from && delay < from + 15ms;
    });
    CHECK(here > 850);
    CHECK(here < 1150);
  }
}

TEST_CASE(
    "backoff: after a stable connection the first attempt comes at once, the next ones climb") {
  constant_random random{0};
  backoff pace{{}};
  pace.ended(start, 10s);
  CHECK(pace.next(start, random) == 0ns);
  CHECK(pace.next(start, random) == 50ms);
  CHECK(pace.next(start, random) == 100ms);
}

TEST_CASE("backoff: a link that was never up waits before its second attempt") {
  constant_random random{0};
  backoff pace{{}};
  pace.ended(start, 0ns);
  CHECK(pace.next(start, random) == 50ms);
}

TEST_CASE("backoff: connections that open and die at once keep climbing") {
  constant_random random{0};
  backoff pace{{}};
  auto now = start;
  std::vector<duration> delays;
  for (int n = 0; n < 7; ++n) {
    pace.ended(now, 10s - 1ns);
    delays.push_back(*pace.next(now, random));
    now += delays.back() + 3s;
  }
  CHECK(delays == std::vector<duration>{50ms, 100ms, 200ms, 400ms, 500ms, 500ms, 500ms});
  pace.ended(now, 10s);
  CHECK(pace.next(now, random) == 0ns);
  CHECK(pace.next(now, random) == 50ms);
  CHECK(pace.tries() == 2);
}

TEST_CASE(
    "backoff: the early minute counts from the begin of the outage, not from the last failure") {
  constant_random random{0};
  backoff pace{{}};
  pace.ended(start, 1h);
  for (int n = 0; n < 20; ++n) {
    pace.ended(start + 59s, 0ns);
    CHECK(*pace.next(start + 59s, random) <= 500ms);
  }
  pace.ended(start + 60s, 0ns);
  CHECK(pace.next(start + 60s, random) == 5s);
}

TEST_CASE("backoff: fixed waits the same each time and gives up after its tries") {
  const auto policy = backoff_policy::fixed();
  REQUIRE(!validate(policy));
  constant_random random{7};
  backoff pace{policy};
  pace.ended(start, 1h);
  for (int n = 0; n < 5; ++n)
    CHECK(pace.next(start, random) == 3s);
  CHECK(pace.next(start, random) == std::nullopt);
  pace.ended(start, 0ns);
  CHECK(pace.next(start, random) == std::nullopt);
  pace.ended(start, 3s);
  CHECK(pace.next(start, random) == 3s);
}

TEST_CASE("backoff: a goaway's return is uniform in its window") {
  duration earliest = 1h;
  duration latest{0};
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    seeded_random random{seed};
    backoff pace{{}};
    pace.ended(start, 1h);
    const auto delay = *pace.next_within(30s, start, random);
    earliest = std::min(earliest, delay);
    latest = std::max(latest, delay);
  }
  CHECK(earliest < 300ms);
  CHECK(latest > 29'700ms);
  CHECK(latest <= 30s);
}

TEST_CASE("backoff: a node that says goaway again and again is not dialled faster for it") {
  constant_random random{0};
  backoff pace{{}};
  pace.ended(start, 1h);
  CHECK(pace.next_within(0s, start, random) == 0ns);
  pace.ended(start, 1s);
  CHECK(pace.next_within(0s, start, random) == 50ms);
  pace.ended(start, 1s);
  CHECK(pace.next_within(0s, start, random) == 100ms);
}

TEST_CASE("backoff: the bound on attempts is reached by the shortest delays") {
  constant_random random{0};
  for (const auto& policy :
       {backoff_policy{}, backoff_policy::fixed(), backoff_policy::fixed(1s, 0)})
    for (const auto span : {0ms, 49ms, 50ms, 749ms, 750ms, 10'000ms, 60'000ms, 60'250ms, 300'000ms})
      CHECK(attempts_within(span, policy, random).size() == most_attempts(policy, span));
}

TEST_CASE("backoff: the bound is 23 attempts in ten seconds and 123 in a minute by default") {
  CHECK(most_attempts({}, 10s) == 23);
  CHECK(most_attempts({}, 60s) == 123);
  CHECK(most_attempts({}, 120s) == 135);
  CHECK(most_attempts(backoff_policy::fixed(), 24h) == 6);
  CHECK(most_attempts({}, -1ns) == 0);
}

TEST_CASE("backoff: in 10,000 seeded outages no window has more attempts than the bound") {
  const backoff_policy policy;
  std::uint64_t most = 0;
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    seeded_random random{seed};
    const auto attempts = attempts_within(90s, policy, random);
    for (const duration span : {500ms, 2'000ms, 10'000ms, 75'000ms})
      if (densest(attempts, span) > most_attempts(policy, span))
        FAIL("seed " << seed << " attempts more often than its policy says");
    most = std::max(most, densest(attempts, 10s));
  }
  CHECK(most > most_attempts(policy, 10s) / 2);
}

TEST_CASE("backoff: a policy out of range is refused by the name of its field") {
  CHECK(!validate(backoff_policy{}));
  CHECK(errc_of(validate(backoff_policy{.base = 0ms})) == errc::invalid_config);
  CHECK(errc_of(validate(backoff_policy{.cap_early = 100ms})) == errc::invalid_config);
  CHECK(errc_of(validate(backoff_policy{.cap_late = 1s})) == errc::invalid_config);
  CHECK(errc_of(validate(backoff_policy{.cap_late = 25h})) == errc::invalid_config);
  CHECK(errc_of(validate(backoff_policy{.early_span = -1s})) == errc::invalid_config);
  CHECK(errc_of(validate(backoff_policy{.stable_after = -1s})) == errc::invalid_config);
}

}  // namespace byssus
