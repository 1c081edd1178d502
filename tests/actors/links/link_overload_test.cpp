#include "byssus/tests/catch.hpp"

#include "fixtures/linked_app.hpp"
#include "fixtures/plain_server.hpp"
#include "fixtures/scripted_node.hpp"
#include <algorithm>

using namespace byssus;
using namespace byssus::testing;
using namespace std::chrono_literals;
using lines = std::vector<std::string>;

namespace {

struct town {
  simulation world{11};
  plain_server server{world};

  link_config config() {
    link_config settings;
    settings.endpoints = {server.where()};
    settings.mode = link_mode::plain;
    settings.retry = backoff_policy::fixed(3s, 5);
    return settings;
  }

  /// What is sent together arrives together.
  void carry_whole() {
    link_quality whole;
    whole.cut_points = false;
    world.network().shape_all(whole);
  }
};

/// A node whose link may have three frames in flight, and whose messages go out one at a time.
struct framed_town {
  simulation world{5};
  scripted_node node{world};
  linked_app app{world, config()};

  link_config config() {
    link_config settings;
    settings.endpoints = {node.where()};
    settings.window.frames = 3;
    settings.retry = backoff_policy::fixed(3s, 5);
    return settings;
  }

  void publish(int count) {
    for (int i = 0; i < count; ++i) {
      node.send(protocol::encode_message(
          {++offset, protocol::content_kind::text, "lobby", "bob", protocol::as_bytes("x")}));
      world.advance(100ms);
    }
  }

  void lose_connection() {
    node.hang_up();
    REQUIRE(world.run_until([&] { return app.last.phase == link_phase::down; }, 1s));
    REQUIRE(world.run_until([&] { return app.last.phase == link_phase::up; }, 4s));
  }

  /// How many acks the node has seen since the last call.
  long acks() {
    const auto notes = node.taken();
    return std::count(notes.begin(), notes.end(), "ack");
  }

  std::uint64_t offset = 0;
};

long messages(linked_app& app) {
  const auto notes = app.taken();
  return std::count(notes.begin(), notes.end(), "bob: x");
}

}  // namespace

TEST_CASE("link overload: an app that handles nothing loses its plain connection at the bound") {
  town t;
  auto config = t.config();
  config.window.bytes = 100'000;
  linked_app app{t.world, config};
  app.handles_messages = false;
  t.world.advance(10ms);
  t.server.say(std::string(99'999, 'x'));
  t.world.advance(1s);
  CHECK(app.last.phase == link_phase::up);
  t.server.say("xx");
  t.world.advance(1s);
  CHECK(app.last.phase == link_phase::down);
  CHECK(app.last_down.reason == errc::receive_overflow);

  app.catch_up();
  REQUIRE(t.world.run_until([&] { return app.last.phase == link_phase::up; }, 5s));
  for (int part = 0; part < 10; ++part) {
    t.server.say(std::string(50'000, 'x'));
    t.world.advance(1s);
  }
  CHECK(app.last.phase == link_phase::up);
}

TEST_CASE(
    "link overload: a plain server that speaks byte by byte to a stuck app ends at the bound") {
  town t;
  auto config = t.config();
  config.window.frames = 100;
  linked_app app{t.world, config};
  app.handles_messages = false;
  t.world.advance(10ms);
  for (int byte = 0; byte < 100; ++byte) {
    t.server.say("x");
    t.world.advance(1ms);
  }
  CHECK(app.last.phase == link_phase::up);
  t.server.say("x");
  t.world.advance(1s);
  CHECK(app.last_down.reason == errc::receive_overflow);
  t.world.advance(3s);
  REQUIRE(app.last.phase == link_phase::up);  // and the app still has what it had
  t.server.say("x");
  t.world.advance(1s);
  CHECK(app.last.phase == link_phase::down);
  const auto seen = app.taken();
  CHECK(std::count(seen.begin(), seen.end(), ": x") == 100);
}

TEST_CASE(
    "link overload: what a plain link holds at its end and has no room for is told as such, once") {
  town t;
  t.carry_whole();
  t.server.answers_pings = false;
  auto config = t.config();
  config.window.bytes = 1024;
  config.heartbeat.misses = 10;
  linked_app app{t.world, config};
  app.handles_messages = false;
  t.world.advance(10ms);
  t.server.say(std::string(1020, 'x'));
  REQUIRE(t.world.run_until([&] { return !t.server.heard().empty(); }, 6s));
  t.server.say("stop");  // fits
  t.world.advance(300ms);
  CHECK(app.last_down.reason == errc::none);
  t.server.say("stop");
  t.server.hang_up();
  t.world.advance(100ms);
  CHECK(app.last_down.reason == errc::receive_overflow);
  auto states = app.taken();
  CHECK(std::count(states.begin(), states.end(), "down") == 1);
  CHECK(std::count(states.begin(), states.end(), ": stop") == 1);
}

TEST_CASE(
    "link overload: what a framed link's former connections brought counts with the present") {
  framed_town t;
  t.world.advance(1s);
  t.app.handles_messages = false;
  t.publish(3);
  t.lose_connection();
  t.publish(3);  // the window is whole again
  CHECK(t.app.last.phase == link_phase::up);
  CHECK(messages(t.app) == 6);
  t.lose_connection();
  static_cast<void>(t.node.taken());
  t.publish(1);
  CHECK(messages(t.app) == 0);
  CHECK(t.app.last_down.reason == errc::receive_overflow);
  const auto told = t.node.taken();
  CHECK(std::count(told.begin(), told.end(), "close 4001") == 1);

  REQUIRE(t.world.run_until([&] { return t.app.last.phase == link_phase::up; }, 4s));
  t.app.catch_up();
  t.publish(12);
  CHECK(t.app.last.phase == link_phase::up);
  CHECK(messages(t.app) == 12);
}

TEST_CASE(
    "link overload: what a former connection brought is not acknowledged to the present one") {
  framed_town t;
  t.world.advance(1s);
  t.app.handles_messages = false;
  t.publish(2);
  t.lose_connection();
  static_cast<void>(t.node.taken());
  t.node.send(protocol::encode_receipt({1, "lobby", {5, 9}}));
  t.world.advance(1s);
  CHECK(t.acks() == 1);  // a receipt is not for the app, so nothing is before it
  t.publish(1);
  t.node.send(protocol::encode_receipt({2, "lobby", {5, 10}}));
  t.world.advance(1s);
  CHECK(t.acks() == 0);
  for (int old = 0; old < 2; ++old)
    caf::anon_send(t.app.link, messages_handled{1});
  t.world.advance(1s);
  CHECK(t.acks() == 0);
  caf::anon_send(t.app.link, messages_handled{2});
  t.world.advance(1s);
  CHECK(t.acks() == 1);
  CHECK(*protocol::parse_ack(protocol::as_bytes(t.node.frames.back().second)) == 3);
}
