#include "byssus/runtime/timer_wheel.hpp"

#include "byssus/tests/catch.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <vector>

using namespace byssus;
using namespace std::chrono_literals;

namespace {

/// A wheel whose present is a variable.
class set_wheel final : public timer_wheel {
public:
  explicit set_wheel(instant origin) : timer_wheel(origin), present(origin) {}
  instant now() const noexcept override { return present; }
  void go_to(instant later) {
    present = later;
    advance(later);
  }
  instant present;
};

struct alarm_clock final : timer_listener {
  explicit alarm_clock(timer_queue& queue) : bell(queue, *this) {}
  void on_timer(timer&) override {
    ++rings;
    if (then)
      then();
  }
  timer bell;
  int rings = 0;
  std::function<void()> then;
};

const instant origin{1234567890123ns};

/// The longest that a timer may be late when `advance` comes in time.
constexpr auto late = timer_wheel::tick;

}  // namespace

TEST_CASE("timer wheel: a timer fires once, never early, and within a tick of its deadline") {
  for (const duration delay :
       {0ns, 1ns, 1000000ns, 5000000ns, 67108864ns, 67108865ns, 5000000000ns, 86400000000000ns}) {
    set_wheel wheel{origin};
    alarm_clock one{wheel};
    one.bell.start(delay);
    if (delay > 0ns) {
      wheel.go_to(origin + delay - 1ns);
      CHECK(one.rings == 0);
      CHECK(one.bell.running());
    }
    wheel.go_to(origin + delay + late);
    CHECK(one.rings == 1);
    CHECK_FALSE(one.bell.running());
    wheel.go_to(origin + delay + delay + 1h);
    CHECK(one.rings == 1);
    CHECK(one.bell.deadline() == origin + delay);
  }
}

TEST_CASE(
    "timer wheel: a deadline in the past fires at the next advance, which next_wakeup asks for at "
    "once") {
  set_wheel wheel{origin};
  wheel.go_to(origin + 10s);
  alarm_clock past{wheel};
  past.bell.start_at(origin + 3s);
  REQUIRE(wheel.next_wakeup());
  CHECK(*wheel.next_wakeup() <= wheel.now());
  wheel.advance(wheel.now());
  CHECK(past.rings == 1);
}

TEST_CASE("timer wheel: a timer that restarts itself without delay fires once per advance") {
  set_wheel wheel{origin};
  alarm_clock eager{wheel};
  eager.then = [&] { eager.bell.start(0s); };
  eager.bell.start(0s);
  for (int turn = 1; turn <= 3; ++turn) {
    wheel.go_to(wheel.now() + late);
    CHECK(eager.rings == turn);
  }
}

TEST_CASE("timer wheel: a callback may stop and destroy timers that are due in the same tick") {
  set_wheel wheel{origin};
  auto destroyed = std::make_unique<alarm_clock>(wheel);
  alarm_clock first{wheel};
  alarm_clock stopped{wheel};
  alarm_clock spared{wheel};
  first.then = [&] {
    stopped.bell.stop();
    destroyed.reset();
  };
  for (auto* each : {&first, &stopped, &spared})
    each->bell.start(3s);
  destroyed->bell.start(3s);
  wheel.go_to(origin + 4s);
  CHECK(first.rings == 1);
  CHECK(stopped.rings == 0);
  CHECK(spared.rings == 1);
  CHECK(wheel.running() == 0);
}

TEST_CASE("timer wheel: a callback may destroy the timer that fires") {
  set_wheel wheel{origin};
  auto one = std::make_unique<alarm_clock>(wheel);
  one->then = [&] { one.reset(); };
  one->bell.start(1s);
  wheel.go_to(origin + 2s);
  CHECK(one == nullptr);
  CHECK(wheel.running() == 0);
}

TEST_CASE("timer wheel: an advance over much time fires in the order of deadlines") {
  set_wheel wheel{origin};
  std::vector<int> order;
  std::vector<std::unique_ptr<alarm_clock>> alarms;
  const std::vector<duration> delays{70s, 3ms, 500ms, 2h, 64ms, 5s, 68ms};
  for (std::size_t index = 0; index < delays.size(); ++index) {
    alarms.push_back(std::make_unique<alarm_clock>(wheel));
    alarms.back()->then = [&order, index] { order.push_back(static_cast<int>(index)); };
    alarms.back()->bell.start(delays[index]);
  }
  wheel.go_to(origin + 3h);
  CHECK(order == std::vector<int>{1, 4, 6, 2, 5, 0, 3});
}

TEST_CASE("timer wheel: no timer is running, no wake-up is asked for") {
  set_wheel wheel{origin};
  CHECK_FALSE(wheel.next_wakeup());
  alarm_clock one{wheel};
  one.bell.start(1h);
  CHECK(wheel.next_wakeup());
  one.bell.stop();
  CHECK_FALSE(wheel.next_wakeup());
}

TEST_CASE(
    "timer wheel: it fires what a naive list of deadlines fires, through random starts, stops and "
    "advances") {
  const auto seed = GENERATE(range(1U, 41U));
  std::mt19937_64 random{seed};
  const auto up_to = [&](std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>{0, most}(random);
  };

  set_wheel wheel{origin};
  constexpr std::size_t count = 60;
  std::vector<std::unique_ptr<alarm_clock>> alarms;
  std::vector<int> expected(count, 0);
  std::map<std::size_t, instant> running;  // the model
  for (std::size_t index = 0; index < count; ++index)
    alarms.push_back(std::make_unique<alarm_clock>(wheel));

  for (int step = 0; step < 2000; ++step) {
    const auto chosen = static_cast<std::size_t>(up_to(count - 1));
    switch (up_to(3)) {
      case 0:
      case 1: {
        const duration delay{up_to(1) == 0 ? up_to(100'000'000) : up_to(20'000'000'000)};
        alarms[chosen]->bell.start(delay);
        running[chosen] = wheel.now() + delay;
        break;
      }
      case 2:
        alarms[chosen]->bell.stop();
        running.erase(chosen);
        break;
      case 3: {
        // Half of the time as a loop would: no further than to the wake-up that was asked for.
        auto target = wheel.now() + duration{up_to(up_to(9) == 0 ? 5'000'000'000 : 50'000'000)};
        if (const auto wakeup = wheel.next_wakeup(); wakeup && up_to(1) == 0)
          target = std::max(wheel.now(), *wakeup);
        const auto next = wheel.next_wakeup();
        for (const auto& each : running)
          REQUIRE(*next <= each.second + late);
        wheel.go_to(target);
        for (auto each = running.begin(); each != running.end();) {
          const bool fired = !alarms[each->first]->bell.running();
          if (fired) {
            REQUIRE(each->second <= target);
            ++expected[each->first];
          } else {
            REQUIRE(target < each->second + late);
          }
          each = fired ? running.erase(each) : std::next(each);
        }
        break;
      }
    }
    REQUIRE(wheel.running() == running.size());
  }
  for (std::size_t index = 0; index < count; ++index)
    CHECK(alarms[index]->rings == expected[index]);
}
