#include "way.hpp"

#include "byssus/tests/catch.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>

using namespace std::chrono_literals;

namespace byssus::tests {

namespace {

constexpr way::instant start{1h};

weather read(const std::string& words) {
  weather now;
  std::istringstream stream{words};
  REQUIRE(read_weather(stream, now));
  return now;
}

way::packet numbered(int number) {
  return {static_cast<std::byte>(number >> 8), static_cast<std::byte>(number & 255)};
}

int number_of(const way::packet& bytes) {
  return std::to_integer<int>(bytes[0]) << 8 | std::to_integer<int>(bytes[1]);
}

struct arrival {
  int number;
  std::chrono::nanoseconds took;

  bool operator==(const arrival&) const = default;
};

/// Sends `count` packets `apart` from each other, and waits for all.
std::vector<arrival> send(way& one, int count, std::chrono::nanoseconds apart,
                          way::instant from = start) {
  std::vector<arrival> arrivals;
  const auto deliver_until = [&](way::instant end) {
    while (const auto due = one.due()) {
      if (*due > end)
        break;
      while (const auto bytes = one.next(*due)) {
        const auto number = number_of(*bytes);
        arrivals.push_back({number, *due - (from + number * apart)});
      }
    }
  };
  for (int number = 0; number < count; ++number) {
    deliver_until(from + number * apart);
    one.take(numbered(number), from + number * apart);
  }
  deliver_until(way::instant::max());
  return arrivals;
}

}  // namespace

TEST_CASE("rough way: fair weather passes everything on at once, in order") {
  way one{1};
  const auto arrivals = send(one, 1000, 1ms);
  REQUIRE(arrivals.size() == 1000);
  for (int i = 0; i < 1000; ++i)
    CHECK(arrivals[static_cast<std::size_t>(i)] == arrival{i, 0ns});
}

TEST_CASE("rough way: as many are lost as asked, and the seed says which") {
  const auto arrivals = [](std::uint64_t seed) {
    way one{seed};
    one.set(read("loss 0.05"));
    auto all = send(one, 60'000, 1us);
    CHECK(one.counted().lost + one.counted().arrived == 60'000);
    CHECK(std::abs(static_cast<double>(one.counted().lost) - 3000) < 4 * std::sqrt(3000));
    return all;
  };
  CHECK((arrivals(7) == arrivals(7)));
  CHECK((arrivals(7) != arrivals(8)));
}

TEST_CASE("rough way: losses do not come in bursts of their own") {
  way one{3};
  one.set(read("loss 0.2"));
  const auto arrivals = send(one, 50'000, 1us);
  int pairs = 0;  // losses that follow a loss: 0.2 * 0.2
  for (std::size_t i = 1; i < arrivals.size(); ++i)
    pairs += std::max(0, arrivals[i].number - arrivals[i - 1].number - 2);
  CHECK(std::abs(pairs - 2000) < 250);
}

TEST_CASE("rough way: delay and jitter are as asked, evenly spread, while packets are far apart") {
  way one{5};
  one.set(read("delay 100 jitter 50"));
  const auto arrivals = send(one, 10'000, 1s);
  REQUIRE(arrivals.size() == 10'000);
  const auto [least, most] =
      std::minmax_element(arrivals.begin(), arrivals.end(),
                          [](const arrival& a, const arrival& b) { return a.took < b.took; });
  CHECK(least->took >= 50ms);
  CHECK(least->took < 51ms);
  CHECK(most->took <= 150ms);
  CHECK(most->took > 149ms);
  std::chrono::nanoseconds sum{0};
  for (const auto& each : arrivals)
    sum += each.took;
  CHECK(std::abs(sum.count() / 10'000 - 100'000'000) < 1'000'000);
}

TEST_CASE("rough way: jitter keeps the order, unless it is asked not to") {
  for (const bool reorders : {false, true}) {
    way one{5};
    one.set(read(std::string{"delay 100 jitter 50 reorder "} + (reorders ? "on" : "off")));
    const auto arrivals = send(one, 1000, 1ms);
    REQUIRE(arrivals.size() == 1000);
    CHECK(std::is_sorted(arrivals.begin(), arrivals.end(), [](const arrival& a, const arrival& b) {
            return a.number < b.number;
          }) == !reorders);
  }
}

TEST_CASE("rough way: a cut loses what comes and what is under way, and nothing after it") {
  way one{1};
  one.set(read("delay 100"));
  one.take(numbered(1), start);
  one.set(read("delay 100 cut on"));
  one.take(numbered(2), start + 50ms);
  CHECK(one.next(start + 1s) == std::nullopt);
  one.set(read("delay 100"));
  one.take(numbered(3), start + 1s);
  REQUIRE(one.due() == start + 1100ms);
  CHECK(one.next(start + 1099ms) == std::nullopt);
  CHECK(one.next(start + 1100ms) == numbered(3));
  CHECK(one.counted().cut == 2);
  CHECK(one.counted().arrived == 1);
}

TEST_CASE("rough way: the fate of a packet does not depend on the weather before it") {
  way always{9};
  way later{9};
  always.set(read("loss 0.3 delay 100 jitter 50"));
  later.set(read("cut on"));
  static_cast<void>(send(always, 100, 1s));
  static_cast<void>(send(later, 100, 1s));
  later.set(read("loss 0.3 delay 100 jitter 50"));
  const auto after = start + 1h;
  CHECK((send(always, 1000, 1s, after) == send(later, 1000, 1s, after)));
}

TEST_CASE("rough way: what is under way is bounded") {
  way one{1};
  one.set(read("delay 1000"));
  for (int i = 0; i < 10'001; ++i)
    one.take(numbered(i), start);
  CHECK(one.counted().overflowed == 1);
}

TEST_CASE("rough way: what cannot be meant is refused, and changes nothing") {
  for (const auto* words :
       {"loss 1.1", "loss -0.1", "loss", "loss x", "delay -1", "jitter 5", "delay 5 jitter 6",
        "cut maybe", "cut", "reorder 1", "wind 3", "delay 10 loss 2"}) {
    weather now{.loss = 0.5};
    std::istringstream stream{words};
    INFO(words);
    CHECK_FALSE(read_weather(stream, now));
    CHECK(now.loss == 0.5);
    CHECK(now.delay == 0ns);
  }
}

}  // namespace byssus::tests
