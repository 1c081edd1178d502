#include "byssus/tests/catch.hpp"

#include "probes.hpp"

using namespace byssus;
using namespace byssus::testing;

namespace {

struct timer_probe final : timer_listener {
  explicit timer_probe(simulation& in) : sim(in) {}
  void on_timer(timer& expired) override {
    fired.push_back(sim.elapsed());
    if (then)
      then(expired);
  }
  simulation& sim;
  std::vector<duration> fired;
  std::function<void(timer&)> then;
};

}  // namespace

TEST_CASE("simulated timer: fires at its deadline to the nanosecond, once, and never earlier") {
  simulation sim;
  timer_probe probe{sim};
  timer alarm{sim.host("node").reactor().timers(), probe};
  alarm.start(5s + 1ns);
  CHECK(alarm.running());
  sim.advance(5s);
  CHECK(probe.fired.empty());
  sim.advance(1ns);
  CHECK(probe.fired == std::vector<duration>{5s + 1ns});
  CHECK_FALSE(alarm.running());
  sim.advance(1h);
  CHECK(probe.fired.size() == 1);
}

TEST_CASE("simulated timer: not from inside start, even if due at once") {
  simulation sim;
  timer_probe probe{sim};
  timer alarm{sim.host("node").reactor().timers(), probe};
  alarm.start(-3s);
  CHECK(probe.fired.empty());
  sim.settle();
  CHECK(probe.fired == std::vector<duration>{0s});
}

TEST_CASE("simulated timer: a restart moves it, a stop and a destruction silence it") {
  simulation sim;
  auto& queue = sim.host("node").reactor().timers();
  timer_probe probe{sim};
  timer moved{queue, probe};
  timer stopped{queue, probe};
  auto destroyed = std::make_unique<timer>(queue, probe);
  moved.start(1s);
  stopped.start(1s);
  destroyed->start(1s);
  CHECK(queue.running() == 3);
  moved.start(2s);
  stopped.stop();
  destroyed.reset();
  CHECK(queue.running() == 1);
  sim.advance(5s);
  CHECK(probe.fired == std::vector<duration>{2s});
}

TEST_CASE(
    "simulated timer: inside its call it may restart itself, and stop or destroy another that is "
    "due as well") {
  simulation sim;
  auto& queue = sim.host("node").reactor().timers();
  timer_probe probe{sim};
  timer_probe doomed_probe{sim};
  timer alarm{queue, probe};
  timer stopped{queue, doomed_probe};
  auto destroyed = std::make_unique<timer>(queue, doomed_probe);
  alarm.start(1s);
  stopped.start(1s);
  destroyed->start(1s);
  probe.then = [&](timer& expired) {
    stopped.stop();
    destroyed.reset();
    if (probe.fired.size() < 3)
      expired.start(1s);
  };
  sim.advance(10s);
  CHECK(probe.fired == std::vector<duration>{1s, 2s, 3s});
  CHECK(doomed_probe.fired.empty());
  CHECK(sim.timers_running() == 0);
}

TEST_CASE("simulated timer: those of equal time fire in the order of their starts") {
  simulation sim;
  auto& queue = sim.host("node").reactor().timers();
  std::string order;
  struct letter final : timer_listener {
    letter(std::string& in, char which) : text(in), name(which) {}
    void on_timer(timer&) override { text += name; }
    std::string& text;
    char name;
  };
  letter a{order, 'a'}, b{order, 'b'}, c{order, 'c'};
  timer first{queue, a}, second{queue, b}, third{queue, c};
  second.start(1s);
  third.start(1s);
  first.start(1s);
  sim.advance(1s);
  CHECK(order == "bca");
}

TEST_CASE(
    "simulated timer: on a busy machine it fires late, by no more than was said, and never early") {
  simulation sim{7};
  sim.host("node").make_timers_late(50ms);
  timer_probe probe{sim};
  timer alarm{sim.host("node").reactor().timers(), probe};
  probe.then = [](timer& expired) { expired.start_at(expired.deadline() + 1s); };
  alarm.start(1s);
  sim.advance(100s + 60ms);
  REQUIRE(probe.fired.size() == 100);
  std::size_t late = 0;
  for (std::size_t i = 0; i < probe.fired.size(); ++i) {
    const auto behind = probe.fired[i] - (i + 1) * 1s;
    REQUIRE(behind >= 0s);
    REQUIRE(behind <= 50ms);
    late += behind > 10ms ? 1U : 0U;
  }
  CHECK(late > 50);
}

TEST_CASE(
    "simulated timer: on a stopped host it waits until that runs again, and knows how late it is") {
  simulation sim;
  timer_probe probe{sim};
  timer alarm{sim.host("node").reactor().timers(), probe};
  alarm.start(1s);
  sim.host("node").stop(10s);
  sim.advance(9999ms);
  CHECK(probe.fired.empty());
  sim.advance(1ms);
  CHECK(probe.fired == std::vector<duration>{10s});
  CHECK(sim.now() - alarm.deadline() == 9s);
}
