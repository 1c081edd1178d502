#include "byssus/actors/pinned.hpp"
#include "byssus/runtime/signals.hpp"
#include "byssus/tests/catch.hpp"

#include "record.hpp"
#include <atomic>
#include <csignal>
#include <future>
#include <memory>
#include <thread>

using namespace byssus;
using namespace byssus::tests;
using namespace std::chrono_literals;

TEST_CASE("node: a taken port is one clear line") {
  node first{on_loopback()};
  const auto port = first.local_endpoint()->port;
  try {
    node second{on_loopback(port)};
    FAIL("two nodes on one port");
  } catch (const startup_error& taken) {
    CHECK(taken.reason() == errc::address_in_use);
    CHECK(taken.what() == "cannot listen on 127.0.0.1:" + std::to_string(port) +
                              ": another program listens on that port; stop it or choose another "
                              "with --listen");
  }
}

TEST_CASE("node: listens where it says") {
  node home{on_loopback()};
  REQUIRE(home.local_endpoint());
  CHECK(home.local_endpoint()->host == "127.0.0.1");
  CHECK(home.local_endpoint()->port != 0);
  CHECK_FALSE(node{quiet()}.local_endpoint());
}

TEST_CASE("node: its end stops live links, and leaves no actor of its own") {
  const auto before = pinned_count::live.load();
  states ann;
  states bob;
  {
    node home{on_loopback()};
    node apps{quiet()};
    auto one = apps.connect(options_for(home, "ann"));
    auto two = home.connect(options_for(home, "bob"));
    one.on_state([&](const link_state& now) { ann.add(now); });
    two.on_state([&](const link_state& now) { bob.add(now); });
    REQUIRE(reaches(ann, link_phase::up));
    REQUIRE(reaches(bob, link_phase::up));
    apps.stop();
    apps.run();
    CHECK(ann.all().back().phase == link_phase::failed);
    CHECK(ann.all().back().reason == errc::stopped);
    CHECK_THROWS_AS(apps.connect(options_for(home, "late")), startup_error);
    one.on_state([](const link_state&) { FAIL("a callback after the end of its node"); });
  }
  CHECK(bob.all().back().phase == link_phase::failed);
  CHECK(pinned_count::live == before);
  CHECK(pinned_count::strayed == 0);
}

TEST_CASE("node: its end says goodbye to its clients, who hear why at once") {
  auto home = std::make_unique<node>(on_loopback());
  node apps{quiet()};
  guest ann{apps, options_for(*home, "ann")};
  REQUIRE(ann.is_in());
  const auto began = std::chrono::steady_clock::now();
  home.reset();
  CHECK(std::chrono::steady_clock::now() - began < 2s);
  REQUIRE(reaches(ann.states(), link_phase::down));
  CHECK(ann.states().all().back().reason == errc::peer_closed);
}

TEST_CASE("node: stop from a callback lets run return") {
  node home{on_loopback()};
  node apps{quiet()};
  auto link = apps.connect(options_for(home, "ann"));
  link.on_state([&](const link_state& now) {
    if (now.phase == link_phase::up)
      apps.stop();
  });
  auto ran = std::async(std::launch::async, [&] { apps.run(); });
  CHECK(ran.wait_for(patience) == std::future_status::ready);
}

TEST_CASE("node: a callback that still runs is waited for, so what it uses outlives it") {
  node home{on_loopback()};
  auto finished = std::make_shared<std::atomic<bool>>(false);
  {
    node apps{quiet()};
    record<int> begun;
    auto link = apps.connect(options_for(home, "ann"));
    std::promise<void> release;
    auto released = release.get_future().share();
    link.on_state([&, released, finished](const link_state& now) {
      if (now.phase != link_phase::up)
        return;
      begun.add(1);
      released.wait_for(patience);
      *finished = true;
    });
    REQUIRE(begun.wait_count(1));
    apps.stop();
    auto ran = std::async(std::launch::async, [&] { apps.run(); });
    CHECK(ran.wait_for(300ms) == std::future_status::timeout);
    CHECK_FALSE(*finished);
    release.set_value();
    CHECK(ran.wait_for(patience) == std::future_status::ready);
    CHECK(*finished);
  }
}

TEST_CASE("node: its statistics are of what is alive, and go back when it leaves") {
  node home{on_loopback()};
  const auto before = home.stats();
  CHECK(before.door.sockets == 0);
  CHECK(before.timers > 0);       // the REAPER's
  CHECK(before.descriptors > 3);  // the standard three, and those of the node
  CHECK(before.resident_bytes > 1'000'000);
  {
    node apps{quiet()};
    guest ann{apps, options_for(home, "ann")};
    REQUIRE(ann.is_in());
    const auto now = home.stats();
    CHECK(now.door.sockets == 1);
    CHECK(now.door.strangers == 0);
    CHECK(now.door.admitted == 1);
    CHECK(now.actors >= before.actors + 4);  // CONNECTION at both ends, HEARTBEAT, SUPERVISOR
    CHECK(now.descriptors >= before.descriptors + 2);
    CHECK(apps.stats().timers > 0);  // the heartbeat's
  }
  CHECK(home.stats().actors == before.actors);
  CHECK(home.stats().frames == before.frames);
  CHECK(home.stats().descriptors == before.descriptors);
}

TEST_CASE("node: statistics can be asked for when it has ended") {
  node home{on_loopback()};
  home.stop();
  home.run();
  const auto after = home.stats();
  CHECK(after.timers == 0);
  CHECK(after.door.accepted == 0);
  CHECK(after.descriptors > 0);
}

namespace {

std::atomic<int> others{0};
void count_other(int) {
  ++others;
}

}  // namespace

TEST_CASE("node: one SIGTERM stops every node of the process, and then does what it did before") {
  const auto before = std::signal(SIGTERM, count_other);
  {
    const stop_signals taken;  // as if another node ran already
    std::raise(SIGTERM);
    node one{on_loopback()};
    node two{quiet()};
    auto first = std::async(std::launch::async, [&] { one.run(); });
    auto second = std::async(std::launch::async, [&] { two.run(); });
    CHECK(first.wait_for(patience) == std::future_status::ready);
    CHECK(second.wait_for(patience) == std::future_status::ready);
    CHECK(others == 0);
  }
  std::raise(SIGTERM);
  CHECK(others == 1);
  std::signal(SIGTERM, before);
}

TEST_CASE("node: what it publishes itself all in the room hear, without a sender") {
  node home{on_loopback()};
  node apps{quiet()};
  guest ann{apps, options_for(home, "ann")};
  REQUIRE(ann.is_in());
  CHECK(home.publish("lobby", "one") == errc::none);
  CHECK(home.publish("lobby", "{}", content::json) == errc::none);
  REQUIRE(ann.heard().wait_count(2));
  const auto heard = ann.heard().all();
  CHECK(heard[0].payload == "one");
  CHECK(heard[0].sender.empty());
  CHECK(heard[1].kind == content::json);
  CHECK(home.publish("", "x") == errc::invalid_name);
  CHECK(home.publish("lobby", std::string(768 * 1024, 'x')) == errc::none);
  REQUIRE(ann.heard().wait_count(3));
  CHECK(ann.heard().all()[2].payload.size() == 768 * 1024);
  CHECK(home.publish("lobby", std::string(768 * 1024 + 1, 'x')) == errc::payload_too_large);
  CHECK_THROWS_AS(apps.publish("lobby", "x"), startup_error);
}

TEST_CASE("node: several threads may run it, and each returns when it has ended") {
  for (int round = 0; round < 10; ++round) {
    node apps{quiet()};
    states seen;
    auto nowhere = apps.connect({.endpoints = {"tcp://127.0.0.1:1"}});
    nowhere.on_state([&](const link_state& now) { seen.add(now); });
    const auto ran_to_the_end = [&] {
      apps.run();
      const auto all = seen.all();
      return !all.empty() && all.back().reason == errc::stopped;
    };
    auto one = std::async(std::launch::async, ran_to_the_end);
    auto other = std::async(std::launch::async, ran_to_the_end);
    apps.stop();
    CHECK(one.get());
    CHECK(other.get());
    CHECK(ran_to_the_end());
  }
}

TEST_CASE("node: a callback that asks for a link while its node ends is refused, and all ends") {
  node apps{quiet()};
  auto nowhere = apps.connect({.endpoints = {"tcp://127.0.0.1:1"}});
  record<errc> refusals;
  nowhere.on_state([&](const link_state& now) {
    if (now.phase != link_phase::failed)
      return;
    try {
      apps.connect({.endpoints = {"tcp://127.0.0.1:1"}});
    } catch (const startup_error& refused) {
      refusals.add(refused.reason());
    }
  });
  apps.stop();
  apps.run();
  CHECK(refusals.all() == std::vector{errc::stopped});
}

TEST_CASE("node: a service can be asked for while it ends, and after that is refused") {
  for (int round = 0; round < 20; ++round) {
    auto home = std::make_unique<node>(on_loopback());
    std::atomic<bool> begun = false;
    auto server = std::async(std::launch::async, [&] {
      try {
        for (;;) {
          home->serve_inline("x", [](const service_call&, service_answer&) {});
          begun = true;
        }
      } catch (const startup_error& refused) {
        return refused;
      }
    });
    while (!begun)
      std::this_thread::yield();
    home->stop();
    home->run();
    const auto refused = server.get();
    CHECK(refused.reason() == errc::stopped);
    CHECK(std::string{refused.what()} == "service x: the node has been stopped");
  }
}

TEST_CASE("node: with a config out of its ranges it does not start, and says which field") {
  auto settings = on_loopback();
  settings.hello_deadline = -1s;
  const auto refuses = [](const auto& make) {
    try {
      make();
      FAIL("it started");
    } catch (const startup_error& wrong) {
      CHECK(wrong.reason() == errc::invalid_config);
      CHECK(std::string{wrong.what()} == "hello_deadline: must be from 100ms to 10m");
    }
  };
  refuses([&] { const node one{settings}; });
  caf::actor_system_config own;
  init(own);
  caf::actor_system system{own};
  refuses([&] { const node one{system, settings}; });
}

TEST_CASE("node: a link out of its ranges is not made, and the line says which field") {
  node apps{quiet()};
  const link_options right{.endpoints = {"tcp://127.0.0.1:1"}};
  const struct {
    std::function<void(link_options&)> spoil;
    const char* words;
  } flaws[] = {
      {[](auto& link) { link.endpoints.clear(); }, "endpoints: at least one is needed"},
      {[](auto& link) { link.endpoints = {"a"}; }, "endpoints: a: must be tcp://HOST:PORT"},
      {[](auto& link) { link.name = std::string(256, 'a'); }, "name: the name "},
      {[](auto& link) { link.heartbeat.interval = 0s; },
       "heartbeat interval must be from 10 ms to 1 h"},
      {[](auto& link) { link.heartbeat.interval = -5s; },
       "heartbeat interval must be from 10 ms to 1 h"},
      {[](auto& link) { link.heartbeat.misses = 0; }, "heartbeat misses must be from 1 to 10"},
      {[](auto& link) { link.retry.base = 0s; }, "backoff base must be at least 1 ms"},
      {[](auto& link) { link.dial.connect = 0s; }, "dial: both deadlines must be above zero"},
      {[](auto& link) { link.handshake_deadline = -1s; }, "handshake_deadline"},
  };
  for (const auto& each : flaws) {
    auto link = right;
    each.spoil(link);
    try {
      apps.connect(link);
      FAIL(each.words);
    } catch (const startup_error& wrong) {
      CAPTURE(wrong.what());
      CHECK(wrong.reason() == errc::invalid_config);
      CHECK(std::string{wrong.what()}.find(each.words) != std::string::npos);
    }
  }
}

TEST_CASE("node: others may publish while it ends, and are told when it has") {
  for (int round = 0; round < 20; ++round) {
    auto home = std::make_unique<node>(on_loopback());
    std::atomic<bool> begun = false;
    auto speaker = std::async(std::launch::async, [&] {
      errc outcome = errc::none;
      while (outcome != errc::stopped) {
        outcome = home->publish("lobby", "still here");
        begun = true;
      }
      return outcome;
    });
    while (!begun)
      std::this_thread::yield();
    home->stop();
    home->run();
    CHECK(speaker.get() == errc::stopped);
  }
}
