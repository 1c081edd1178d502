#include "byssus/protocol/control.hpp"
#include "byssus/runtime/stranger.hpp"
#include "byssus/tests/catch.hpp"

#include "scene.hpp"
#include <string>

using namespace byssus;
using namespace byssus::testing;
using namespace std::chrono_literals;
using protocol::close_code;
using protocol::frame_type;

TEST_CASE("door: rules that cannot be followed are named") {
  node_settings wrong;
  wrong.door.hello_deadline = 0s;
  CHECK(validate(wrong).starts_with("hello_deadline"));
  wrong = {};
  wrong.door.most_sockets = 0;
  CHECK(validate(wrong).starts_with("most_strangers, most_sockets"));
  wrong = {};
  wrong.door.most_hello_bytes = 63;
  CHECK(validate(wrong).starts_with("most_hello_bytes"));
  wrong = {};
  wrong.door.accepts_a_second = 1'000'001;
  CHECK(validate(wrong).starts_with("accepts_a_second"));
  wrong = {};
  wrong.rules.lobby = "a\nb";
  CHECK(validate(wrong).starts_with("lobby"));
  wrong = {};
  wrong.most_rooms_each = 0;
  CHECK(validate(wrong).starts_with("most_rooms_each"));
  wrong = {};
  auto& longest = wrong.rules.offer.limits.message_bytes;
  longest = wrong.rules.most_waiting_bytes - 1024;
  CHECK(validate(wrong).empty());
  ++longest;
  CHECK(validate(wrong).starts_with("offer.limits.message_bytes"));
  wrong.rules.most_waiting_bytes = 4 * 1024 * 1024;
  CHECK(validate(wrong).empty());
  longest = protocol::default_message_bytes - 1023;
  CHECK(validate(wrong).starts_with("offer.limits.message_bytes"));
  CHECK(validate(node_settings{}).empty());
}

TEST_CASE("door: a stranger costs less than 300 bytes") {
  CHECK(sizeof(stranger) < 300);
}

TEST_CASE("door: one socket too many is told so in its own language, on whatever reactor") {
  node_settings small;
  small.door.most_sockets = 3;
  scene here{1, 3, small};
  auto& first = here.welcomed("first");
  here.welcomed("second");
  here.welcomed("third");
  auto& framed = here.dial().greet("fourth");
  here.expect([&] { return framed.ended(); });
  CHECK(framed.code() == close_code::overloaded);
  CHECK(framed.count(frame_type::close) == 1);
  auto& plain = here.dial().send("ping");
  here.expect([&] { return plain.ended(); });
  CHECK(plain.bytes().starts_with("closed: 4006 overloaded, "));
  CHECK(here.closing_lines().empty());
  CHECK(here.turning_away_lines() ==
        std::vector<std::string>{
            "turning strangers away: the node has as many connections as it allows, 3"});
  first.send(protocol::encode_close(close_code::going_away, {}));
  here.expect([&] { return here.counts().sockets == 2; });
  here.welcomed("fifth");
}

TEST_CASE("door: silent listeners have a limit of their own, and a word gives the place back") {
  node_settings small;
  small.door.most_plain_listeners = 2;
  scene here{1, 2, small};
  auto& first = here.dial();
  here.dial();
  here.sim.advance(4s);
  auto& third = here.dial();
  here.expect([&] { return third.ended(); });
  CHECK(third.code() == close_code::overloaded);
  CHECK(here.closing_lines().size() == 1);
  first.send("I can talk");
  here.sim.advance(1s);
  auto& fourth = here.dial();
  here.sim.advance(5s);
  CHECK_FALSE(fourth.ended());
  CHECK(here.counts().plain_listeners == 2);
}

TEST_CASE("door: many who fall silent at the same moment do not pass the listeners' limit") {
  node_settings small;
  small.door.most_plain_listeners = 2;
  scene here{1, 1, small};
  for (int i = 0; i < 10; ++i)
    here.dial();
  here.sim.advance(5s);
  CHECK(here.counts().plain_listeners == 2);
  CHECK(here.counts().refused == 8);
}

TEST_CASE("door: one stranger too many is closed unread") {
  node_settings small;
  small.door.most_strangers = 2;
  scene here{1, 1, small};
  here.dial();
  here.dial();
  here.expect([&] { return here.counts().strangers == 2; });
  auto& third = here.dial();
  here.expect([&] { return third.ended(); }, 500ms);
  CHECK(third.bytes().empty());
  CHECK(
      here.turning_away_lines() ==
      std::vector<std::string>{"turning strangers away: as many are at the door as it allows, 2"});
  here.sim.advance(4s);
  here.welcomed("later");
}

TEST_CASE("door: a flood of bad strangers leaves 20 lines a second and the number of the others") {
  scene here;
  for (int i = 0; i < 100; ++i)
    here.dial().send("\x16\x03\x01");
  here.sim.advance(1500ms);
  const auto lines = here.closing_lines();
  REQUIRE(lines.size() == 21);
  CHECK(lines.back() == "closing 80 more in the same second");
  here.sim.advance(3s);
  here.dial().send("\x16\x03\x01");
  here.sim.advance(1s);
  CHECK(here.closing_lines().size() == 22);
  CHECK(here.node->timers_running() <= 2);
}

TEST_CASE("connection: who does not acknowledge is closed as a slow consumer") {
  scene here{1, 2};
  auto& slow = here.dial().greet("slow", {.frames = 4, .bytes = 64 * 1024});
  here.expect([&] { return slow.count(frame_type::welcome) == 1; });
  slow.send(protocol::encode_subscribe({"lobby", {}}));
  auto& fast = here.welcomed("fast").send(protocol::encode_subscribe({"lobby", {}}));
  here.expect([&] {
    return fast.count(frame_type::subscribed) == 1 && slow.count(frame_type::subscribed) == 1;
  });
  for (int i = 0; i < 30; ++i) {
    fast.send(publish("lobby", std::string(40'000, 'x')));
    here.sim.advance(10ms);
  }
  here.expect([&] { return slow.ended(); });
  CHECK(slow.code() == close_code::slow_consumer);
  here.expect([&] { return fast.messages("lobby").size() == 30; });
  CHECK(here.closing_lines().size() == 1);
  here.expect_all_well();
}

TEST_CASE("connection: the close frame for a slow consumer overtakes what waits for him") {
  scene here;
  auto& slow = here.dial().greet("slow");
  here.expect([&] { return slow.count(frame_type::welcome) == 1; });
  slow.send(protocol::encode_subscribe({"lobby", {}}));
  here.expect([&] { return slow.count(frame_type::subscribed) == 1; });
  here.sim.network().shape("node", "client 1", {.bandwidth = 100'000});
  auto& fast = here.welcomed("fast");
  for (int i = 0; i < 30; ++i) {
    fast.send(publish("lobby", std::string(40'000, 'x')));
    here.sim.advance(1ms);
  }
  // All that waits would take ten seconds, which is longer than the node keeps a socket that it
  // closes.
  here.expect([&] { return slow.ended(); });
  CHECK(slow.code() == close_code::slow_consumer);
}

TEST_CASE("plain: who does not read is closed as a slow consumer") {
  scene here;
  auto& slow = here.dial().send("ping");
  here.expect([&] { return slow.bytes() == "pong"; });
  here.sim.host("client 1").stop();
  auto& fast = here.welcomed("fast").send(protocol::encode_subscribe({"lobby", {}}));
  for (int i = 0; i < 400; ++i) {
    fast.send(publish("lobby", std::string(4000, 'x')));
    here.sim.advance(1ms);
  }
  here.expect([&] { return !here.closing_lines().empty(); });
  here.sim.host("client 1").resume();
  here.expect([&] { return slow.ended(); });
  CHECK(here.closing_lines().front().find("slow_consumer") != std::string::npos);
  CHECK(slow.bytes().find("closed: 4001 slow_consumer, ") != std::string::npos);
  here.expect([&] { return fast.messages("lobby").size() == 400; });
  CHECK(here.closing_lines().size() == 1);
}
