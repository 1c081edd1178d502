#include "byssus/tests/catch.hpp"

#include "support/loops.hpp"
#include <atomic>
#include <thread>

using namespace byssus;
using namespace byssus::tests;
using namespace std::chrono_literals;

namespace {

struct noting_listener final : turn_listener {
  noting_listener(happenings& where, std::string what) : notes(where), name(std::move(what)) {}
  void on_turn_end() override {
    notes.add(name);
    if (then)
      then();
  }
  happenings& notes;
  std::string name;
  std::function<void()> then;
};

struct noting_timer final : timer_listener {
  explicit noting_timer(timer_queue& queue) : bell(queue, *this) {}
  void on_timer(timer& expired) override { then(expired); }
  timer bell;
  std::function<void(timer&)> then;
};

using words = std::vector<std::string>;

}  // namespace

TEST_CASE("reactor: posted tasks run on its thread, in the order of their posting") {
  loops running{{.reactors = 2}};
  happenings notes;
  std::atomic<int> elsewhere{0};
  for (int index = 0; index < 100; ++index) {
    running[1].post([&, index] {
      elsewhere += running[1].runs_here() && !running[0].runs_here() ? 0 : 1;
      notes.add(std::to_string(index));
    });
  }
  const auto told = notes.wait_for(100);
  REQUIRE(told.size() == 100);
  for (std::size_t index = 0; index < told.size(); ++index)
    CHECK(told[index] == std::to_string(index));
  CHECK(elsewhere == 0);
  CHECK_FALSE(running[1].runs_here());
}

TEST_CASE(
    "reactor: a task that is posted on its own thread runs in a later turn, after the end of this "
    "one") {
  loops running;
  happenings notes;
  noting_listener at_end{notes, "end of turn"};
  running.on([&] {
    running[0].post([&] { notes.add("later"); });
    running[0].defer(at_end);
    notes.add("now");
  });
  CHECK(notes.wait_for(3) == words{"now", "end of turn", "later"});
}

TEST_CASE(
    "reactor: a turn listener is called once, however often it was deferred, though nothing else "
    "happens") {
  loops running;
  happenings notes;
  noting_listener at_end{notes, "end"};
  running.on([&] {
    running[0].defer(at_end);
    running[0].defer(at_end);
    notes.add("turn");
  });
  CHECK(notes.wait_for(2) == words{"turn", "end"});
  running.on([&] { notes.add("another turn"); });
  running.on([] {});
  CHECK(notes.all() == words{"turn", "end", "another turn"});
}

TEST_CASE(
    "reactor: a listener that is forgotten is not called, be it by another listener of the same "
    "turn") {
  loops running;
  happenings notes;
  noting_listener first{notes, "first"};
  noting_listener second{notes, "second"};
  noting_listener third{notes, "third"};
  first.then = [&] { running[0].forget(second); };
  running.on([&] {
    running[0].defer(first);
    running[0].defer(second);
    running[0].defer(third);
    running[0].forget(third);
  });
  running.on([] {});
  CHECK(notes.all() == words{"first"});
}

TEST_CASE(
    "reactor: a listener that defers itself again is called again without anybody else's doing") {
  loops running;
  happenings notes;
  noting_listener again{notes, "end"};
  again.then = [&] {
    if (notes.all().size() < 50)
      running[0].defer(again);
  };
  running.on([&] { running[0].defer(again); });
  CHECK(notes.wait_for(50).size() == 50);
  running.on([] {});  // until then it may be in the last of them
}

TEST_CASE("reactor: a timer fires at its deadline or later, and now() tells how late") {
  loops running;
  happenings notes;
  std::unique_ptr<noting_timer> one;
  duration lateness{};
  running.on([&] {
    one = std::make_unique<noting_timer>(running[0].timers());
    one->then = [&](timer& expired) {
      lateness = running[0].now() - expired.deadline();
      notes.add("rang");
    };
    one->bell.start(30ms);
  });
  CHECK(notes.wait_for(1).size() == 1);
  running.on([&] {
    CHECK(lateness >= 0ns);
    one.reset();
  });
}

TEST_CASE("reactor: time within one turn is true, so that a handler which takes long is seen") {
  loops running;
  const auto passed = running.on([&] {
    const auto before = running[0].now();
    const auto end = std::chrono::steady_clock::now() + 20ms;
    while (std::chrono::steady_clock::now() < end) {
    }
    return running[0].now() - before;
  });
  CHECK(passed >= 20ms);
}

TEST_CASE("reactor: tasks that post themselves for ever do not keep a timer from firing") {
  loops running;
  happenings notes;
  std::atomic<bool> enough{false};
  std::function<void()> again = [&] {
    if (!enough)
      running[0].post(again);
  };
  std::unique_ptr<noting_timer> one;
  running.on([&] {
    one = std::make_unique<noting_timer>(running[0].timers());
    one->then = [&](timer&) { notes.add("rang"); };
    one->bell.start(20ms);
    again();
  });
  CHECK(notes.wait_for(1) == words{"rang"});
  enough = true;
  running.on([&] { one.reset(); });
}

TEST_CASE("reactor: a burst of tasks does not put off the end of the turn by more than 256") {
  loops running;
  happenings notes;
  noting_listener at_end{notes, "end of turn"};
  std::atomic<int> done{0};
  int done_at_end = 0;
  running[0].post([&] {
    for (int i = 0; i < 1000; ++i)
      running[0].post([&] {
        if (++done == 1)
          running[0].defer(at_end);
        if (notes.all().empty())
          done_at_end = done;
      });
  });
  CHECK(eventually([&] { return done == 1000; }));
  CHECK(running.on([&] { return done_at_end; }) == 256);
}

TEST_CASE("reactor: posting from many threads loses nothing") {
  loops running;
  std::atomic<int> done{0};
  constexpr int threads = 4;
  constexpr int tasks = 5000;
  std::vector<std::thread> posters;
  posters.reserve(threads);
  for (int poster = 0; poster < threads; ++poster) {
    posters.emplace_back([&] {
      for (int index = 0; index < tasks; ++index)
        running[0].post([&] { ++done; });
    });
  }
  for (auto& each : posters)
    each.join();
  CHECK(eventually([&] { return done == threads * tasks; }));
}

TEST_CASE("reactor: a task that throws leaves a line in the journal, and the loop running") {
  loops running;
  running[0].post([] { throw std::runtime_error{"broken task"}; });
  running.on([] {});
  REQUIRE(running.lines().lines().size() == 1);
  CHECK(running.lines().lines().front().find("broken task") != std::string::npos);
}

TEST_CASE("reactor: secrets differ, and so do the random numbers of two reactors") {
  loops running{{.reactors = 2}};
  const auto draw = [&](std::size_t index) {
    return running.on(index, [&] {
      return std::pair{running[index].random().next(), running[index].random().secret()};
    });
  };
  const auto one = draw(0);
  const auto other = draw(1);
  CHECK(one.first != other.first);
  CHECK(one.second != other.second);
  CHECK(draw(0).second != one.second);
}

TEST_CASE("reactor pool: stop runs what is queued, and what that queues, before the threads end") {
  loops running;
  happenings notes;
  noting_listener at_end{notes, "end of turn"};
  running[0].post([&] {
    running.pool().stop();
    running[0].defer(at_end);
    running[0].post([&] {
      notes.add("posted by a task");
      running[0].post([&] { notes.add("posted by that"); });
    });
  });
  running.pool().join();
  CHECK(notes.all() == words{"end of turn", "posted by a task", "posted by that"});
}

TEST_CASE("reactor pool: a task that is posted after the end is destroyed unrun") {
  loops running;
  running.pool().stop();
  running.pool().join();
  auto held = std::make_shared<bool>(false);
  running[0].post([held] { *held = true; });
  CHECK_FALSE(*held);
  CHECK(held.use_count() == 1);
}
