#include "byssus/actors/links/reconnect_supervisor.hpp"
#include "byssus/actors/pinned.hpp"
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

std::size_t count(const std::string& text, std::string_view word) {
  std::size_t found = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + word.size()))
    ++found;
  return found;
}

std::string said(const lines& notes) {
  std::string all;
  for (const auto& note : notes) {
    if (note.starts_with(": "))
      all += note.substr(2);
  }
  return all;
}

}  // namespace

TEST_CASE("plain link: is up as soon as its socket is connected, and pings from then on") {
  town t;
  linked_app app{t.world, t.config()};
  t.world.advance(10ms);
  CHECK(app.taken() == lines{"connecting", "up"});
  CHECK(t.server.heard().empty());
  t.world.advance(60s);
  CHECK(app.taken().empty());
  CHECK(count(t.server.heard(), "ping") == 12);
  CHECK(t.server.heard().size() == 12 * 4);
  CHECK(app.host().actors() == 3);  // SUPERVISOR, CONNECTION, HEARTBEAT
}

TEST_CASE("plain link: pings are lines where the app wants them so") {
  town t;
  auto config = t.config();
  config.ping_lines = true;
  t.server.pong = "pong\n";
  linked_app app{t.world, config};
  t.world.advance(60s);
  CHECK(app.taken() == lines{"connecting", "up"});
  CHECK(count(t.server.heard(), "ping\n") == 12);
}

TEST_CASE("plain link: what the server says reaches the app, but for the answers to pings") {
  town t;
  linked_app app{t.world, t.config()};
  std::string expected;
  for (int second = 0; second < 60; ++second) {
    t.world.advance(1s);
    const auto line = "tick " + std::to_string(second) + '\n';
    t.server.say(line);
    expected += line;
  }
  t.world.advance(1s);
  CHECK(said(app.taken()) == expected);
  CHECK(app.last.phase == link_phase::up);
}

TEST_CASE("plain link: a message is what one read brought, without room, sender and offset") {
  town t;
  t.carry_whole();
  linked_app app{t.world, t.config()};
  t.world.advance(10ms);
  t.server.say("one");
  t.world.advance(10ms);
  t.server.say("two\nlines\n");
  t.world.advance(10ms);
  CHECK(app.taken() == lines{"connecting", "up", ": one", ": two\nlines\n"});
}

TEST_CASE("plain link: what may be half a pong is held for 200 ms, and then shown") {
  town t;
  t.carry_whole();
  t.server.answers_pings = false;
  auto config = t.config();
  config.heartbeat = {.interval = 1min, .misses = 10};
  linked_app app{t.world, config};
  REQUIRE(t.world.run_until([&] { return t.server.visits() == 1; }, 1s));
  REQUIRE(t.world.run_until([&] { return !t.server.heard().empty(); }, 61s));
  t.server.say("stop");
  t.world.advance(150ms);
  CHECK(said(app.taken()).empty());
  t.world.advance(100ms);
  CHECK(said(app.taken()) == "stop");
}

TEST_CASE("plain link: a server that answers no ping is dead after the misses, and dialed again") {
  town t;
  t.server.answers_pings = false;
  linked_app app{t.world, t.config()};
  t.world.advance(10ms);
  t.server.say("data does not count");
  REQUIRE(t.world.run_until([&] { return t.server.visits() == 2; }, 12s));
  t.server.answers_pings = true;
  t.world.advance(20s);
  auto seen = app.taken();
  std::erase_if(seen, [](const std::string& note) { return note.starts_with(": "); });
  CHECK(seen == lines{"connecting", "up", "suspect", "down", "connecting", "up"});
  CHECK(app.last_down.reason == errc::heartbeat_lost);
  CHECK(app.last_down.retry_in == 3s);
  CHECK(app.host().actors() == 3);
}

TEST_CASE("plain link: a ping that the server swallows costs suspicion, and no connection") {
  town t;
  linked_app app{t.world, t.config()};
  t.world.advance(12s);
  t.server.deaf_pings = 1;
  t.world.advance(10min);
  // The probe's pong counts for the lost ping, so the probe is suspected once more; then all is
  // well.
  CHECK(app.taken() == lines{"connecting", "up", "suspect", "up", "suspect", "up"});
  CHECK(t.server.visits() == 1);
  t.server.say("pong");  // nobody has asked, so it is data
  t.world.advance(250ms);
  CHECK(said(app.taken()) == "pong");
}

TEST_CASE("plain link: pongs that are slow, and then slower, cost no connection") {
  town t;
  link_quality slow;
  slow.delay = 300ms;
  t.world.network().shape_all(slow);
  linked_app app{t.world, t.config()};
  t.world.advance(10min);
  CHECK(app.taken() == lines{"connecting", "up"});
  t.world.network().spike(app.host().name(), "server", 700ms);
  t.world.advance(10min);
  CHECK(app.last.phase == link_phase::up);
  CHECK(t.server.visits() == 1);
}

TEST_CASE("plain link: the app says a text, and the server hears it as it is") {
  town t;
  auto config = t.config();
  linked_app app{t.world, config};
  CHECK(app.ask<text_sent>(say_request{"early"}, 0s) == "not_connected");
  t.world.advance(10ms);
  CHECK(app.ask<text_sent>(say_request{"hello"}, 0s) == "ok");
  CHECK(app.ask<text_sent>(say_request{" there\n"}, 100ms) == "ok");
  CHECK(t.server.heard() == "hello there\n");
  t.server.hang_up();
  t.world.advance(100ms);
  CHECK(app.ask<text_sent>(say_request{"late"}, 0s) == "not_connected");
}

TEST_CASE("plain link: what waits for a server that does not read is bounded") {
  town t;
  auto config = t.config();
  config.most_waiting_bytes = protocol::max_frame_bytes;  // less than a transport takes
  linked_app app{t.world, config};
  t.world.advance(10ms);
  t.world.network().partition(app.host().name(), "server");
  const std::string much(config.most_waiting_bytes * 3 / 4, 'x');
  CHECK(app.ask<text_sent>(say_request{much}, 0s) == "ok");
  CHECK(app.ask<text_sent>(say_request{much}, 0s) == "send_overflow");
}

TEST_CASE("plain link: a text is no longer than what a ping may wait behind") {
  town t;
  linked_app app{t.world, t.config()};
  t.world.advance(10ms);
  std::string longest(protocol::max_frame_bytes, 'x');
  CHECK(app.ask<text_sent>(say_request{longest}, 0s) == "ok");
  CHECK(app.ask<text_sent>(say_request{longest + 'x'}, 0s) == "payload_too_large");
}

TEST_CASE("plain link: a server that speaks and hangs up at once is heard between up and down") {
  town t;
  t.carry_whole();
  t.server.greeting = "go away";
  t.server.hangs_up = true;
  linked_app app{t.world, t.config()};
  t.world.advance(1s);
  CHECK(app.taken() == lines{"connecting", "up", ": go away", "down"});
  CHECK(app.last_down.reason == errc::peer_ended);
}

TEST_CASE("plain link: the half of a pong that a lost connection leaves behind is shown") {
  town t;
  t.carry_whole();
  t.server.pong = "last wor";
  linked_app app{t.world, t.config()};
  REQUIRE(t.world.run_until([&] { return t.server.visits() == 1; }, 1s));
  REQUIRE(t.world.run_until([&] { return !t.server.heard().empty(); }, 6s));
  t.server.say("p");
  t.server.hang_up();
  t.world.advance(100ms);
  CHECK(said(app.taken()) == "last worp");
}

TEST_CASE("plain link: rooms need a framed link, and plain text a plain one") {
  town t;
  linked_app plain{t.world, t.config()};
  CHECK(plain.ask<receipt>(publish_request{"lobby", content::text, "x"}, 0s) == "wrong_mode");
  t.world.advance(1s);
  CHECK(plain.ask<receipt>(publish_request{"lobby", content::text, "x"}, 0s) == "wrong_mode");
  CHECK(plain.ask<joined>(join_request{"lobby"}, 0s) == "wrong_mode");
  CHECK(plain.ask<room_presence>(presence_request{"lobby"}, 0s) == "wrong_mode");
  caf::anon_send(plain.link, leave_request{"lobby"});  // nothing to leave

  scripted_node node{t.world};
  link_config config;
  config.endpoints = {node.where()};
  linked_app framed{t.world, config, "other"};
  t.world.advance(1s);
  REQUIRE(framed.last.phase == link_phase::up);
  CHECK(framed.ask<text_sent>(say_request{"x"}, 0s) == "wrong_mode");
}

TEST_CASE("plain link: gives up after its tries, and then says why to whoever asks") {
  town t;
  auto config = t.config();
  config.endpoints = {{"nowhere", 1}};
  linked_app app{t.world, config};
  t.world.advance(60s);
  CHECK(app.last.phase == link_phase::failed);
  CHECK(app.last.reason == errc::too_many_attempts);
  const auto states = app.taken();
  CHECK(std::count(states.begin(), states.end(), "connecting") == 6);  // the first one and 5 tries
  CHECK(app.ask<text_sent>(say_request{"x"}, 0s) == "too_many_attempts");
}

TEST_CASE("plain link: stop sends what is queued and leaves nothing behind") {
  const auto before = pinned_count::live.load();
  {
    town t;
    linked_app app{t.world, t.config()};
    t.world.advance(1s);
    const std::string half(250'000, 'x');  // two are more than fits into a kernel at once
    CHECK(app.ask<text_sent>(say_request{half}, 0s) == "ok");
    CHECK(app.ask<text_sent>(say_request{half + "bye"}, 0s) == "ok");
    caf::anon_send(app.link, stop_request{});
    t.world.advance(3s);
    CHECK(app.taken() == lines{"connecting", "up", "failed"});
    CHECK(t.server.heard().ends_with("xbye"));
    CHECK(count(t.server.heard(), "x") == 2 * half.size());
    CHECK(app.host().actors() == 0);
    CHECK(app.host().timers_running() == 0);
  }
  CHECK(pinned_count::live.load() == before);
}
