#include "byssus/actors/links/reap_wheel.hpp"

#include "byssus/runtime/testing/seeded_random.hpp"
#include "byssus/tests/catch.hpp"

#include <algorithm>
#include <memory>
#include <vector>

using namespace std::chrono_literals;

namespace byssus {

namespace {

constexpr instant start{1h + 300ms};

/// Ticks once a second through `span` and returns when `entry` expired, after `start`.
duration expiry(reap_wheel& wheel, const reap_entry& entry, duration from, duration span) {
  for (auto passed = from; passed <= from + span; passed += 1s) {
    bool gone = false;
    wheel.advance(start + passed, [&](reap_entry& expired) { gone = gone || &expired == &entry; });
    if (gone)
      return passed;
  }
  return duration::max();
}

}  // namespace

TEST_CASE("reap_wheel: silence is allowed for 3 intervals and 3 s") {
  CHECK(reap_wheel::allowance(5s) == 18s);
  reap_wheel wheel;
  reap_entry entry{nullptr};
  wheel.enter(entry, 5s, start);
  CHECK(entry.deadline() == start + 18s);
  const auto when = expiry(wheel, entry, 0s, 1min);
  CHECK(when >= 18s);
  CHECK(when < 20s);
  CHECK_FALSE(entry.entered());
  CHECK(wheel.size() == 0);
}

TEST_CASE("reap_wheel: each entry has its own interval, far beyond the wheel's round too") {
  for (const auto interval : {10ms, 1'000ms, 20'000ms, 21'000ms, 60'000ms, 3'600'000ms}) {
    reap_wheel wheel;
    reap_entry entry{nullptr};
    wheel.enter(entry, interval, start);
    const auto when = expiry(wheel, entry, 0s, 4h);
    CHECK(when >= reap_wheel::allowance(interval));
    CHECK(when < reap_wheel::allowance(interval) + 2s);
  }
}

TEST_CASE("reap_wheel: bytes push the deadline out") {
  reap_wheel wheel;
  reap_entry entry{nullptr};
  wheel.enter(entry, 1s, start);
  for (auto passed = 0s; passed < 100s; passed += 1s) {
    if (passed % 5s == 0s)
      entry.seen(start + passed);
    wheel.advance(start + passed, [](reap_entry&) { FAIL("was seen 5 s ago at most"); });
  }
  const auto when = expiry(wheel, entry, 100s, 1min);
  CHECK(when >= 95s + 6s);
  CHECK(when < 95s + 8s);
}

TEST_CASE("reap_wheel: an entry that is destroyed or leaves is forgotten") {
  reap_wheel wheel;
  reap_entry stays{nullptr};
  reap_entry leaves{nullptr};
  auto dies = std::make_unique<reap_entry>(nullptr);
  for (auto* entry : {&leaves, dies.get(), &stays})
    wheel.enter(*entry, 1s, start);
  dies.reset();
  leaves.leave();
  leaves.leave();
  CHECK(wheel.size() == 1);
  std::vector<const reap_entry*> expired;
  for (auto passed = 1s; passed < 20s; passed += 1s)
    wheel.advance(start + passed, [&](reap_entry& entry) { expired.push_back(&entry); });
  CHECK(expired == std::vector<const reap_entry*>{&stays});
}

TEST_CASE("reap_wheel: entered again, an entry is there once, with the new interval") {
  reap_wheel wheel;
  reap_entry entry{nullptr};
  wheel.enter(entry, 1s, start);
  wheel.enter(entry, 10s, start);
  CHECK(wheel.size() == 1);
  CHECK(expiry(wheel, entry, 0s, 1min) >= 33s);
}

TEST_CASE("reap_wheel: an expired entry may destroy itself and its neighbours in the bucket") {
  reap_wheel wheel;
  std::vector<std::unique_ptr<reap_entry>> entries;
  for (int n = 0; n < 10; ++n) {
    entries.push_back(std::make_unique<reap_entry>(nullptr));
    wheel.enter(*entries.back(), 1s, start);
  }
  int calls = 0;
  wheel.advance(start + 1min, [&](reap_entry&) {
    ++calls;
    entries.clear();
  });
  CHECK(calls == 1);
  CHECK(wheel.size() == 0);
}

TEST_CASE("reap_wheel: an entry may outlive its wheel") {
  reap_entry entry{nullptr};
  {
    reap_wheel wheel;
    wheel.enter(entry, 1s, start);
  }
  CHECK_FALSE(entry.entered());
  entry.seen(start);
  entry.leave();
}

TEST_CASE(
    "reap_wheel: after a pause of hours one tick finds all that are overdue, and only these") {
  reap_wheel wheel;
  std::vector<std::unique_ptr<reap_entry>> entries;
  for (int n = 0; n < 200; ++n) {
    entries.push_back(std::make_unique<reap_entry>(nullptr));
    wheel.enter(*entries.back(), n * 100ms, start);
  }
  for (int n = 0; n < 100; ++n)
    entries[static_cast<std::size_t>(2 * n)]->seen(start + 5h);
  int expired = 0;
  wheel.advance(start + 5h, [&](reap_entry&) { ++expired; });
  CHECK(expired == 100);
  CHECK(wheel.size() == 100);
}

TEST_CASE(
    "reap_wheel: in seeded traffic nobody expires before the deadline or two ticks after it") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    testing::seeded_random random{seed};
    reap_wheel wheel;
    std::vector<std::unique_ptr<reap_entry>> entries;
    for (int n = 0; n < 50; ++n) {
      entries.push_back(std::make_unique<reap_entry>(nullptr));
      wheel.enter(*entries.back(), random.up_to(40s), start);
    }
    auto now = start;
    for (int tick = 0; tick < 300; ++tick) {
      now += 1s;
      for (auto& entry : entries)
        if (random.chance(3))
          entry->seen(now);
      wheel.advance(now, [&](reap_entry& entry) {
        if (entry.deadline() > now || entry.deadline() + 2 * reap_wheel::tick <= now)
          FAIL("seed " << seed << ": expired at the wrong time");
      });
      for (const auto& entry : entries)
        if (entry->entered() && entry->deadline() + 2 * reap_wheel::tick <= now)
          FAIL("seed " << seed << ": was overlooked");
    }
  }
}

}  // namespace byssus
