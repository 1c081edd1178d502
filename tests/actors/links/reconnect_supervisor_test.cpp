#include "byssus/actors/links/reconnect_supervisor.hpp"

#include "byssus/actors/pinned.hpp"
#include "byssus/tests/catch.hpp"

#include "fixtures/linked_app.hpp"
#include "fixtures/scripted_node.hpp"

using namespace byssus;
using namespace byssus::testing;
using namespace std::chrono_literals;
using lines = std::vector<std::string>;

namespace {

struct town {
  simulation world{7};
  scripted_node node{world};

  link_config config() {
    link_config settings;
    settings.endpoints = {node.where()};
    settings.name = "ann";
    return settings;
  }
};

lines without(lines all, const std::string& word) {
  std::erase(all, word);
  return all;
}

}  // namespace

TEST_CASE(
    "reconnect supervisor: a failed ping ends the connection, and a fresh one takes its place") {
  town t;
  linked_app app{t.world, t.config()};
  t.world.advance(20s);
  CHECK(app.taken() == lines{"connecting", "up"});
  CHECK(without(t.node.taken(), "ping") == lines{"connect 1", "hello 1"});
  CHECK(app.host().actors() == 3);  // SUPERVISOR, CONNECTION, HEARTBEAT

  t.node.answers_pings = false;
  REQUIRE(t.world.run_until([&] { return t.node.visits() == 2; }, 8s));
  t.node.answers_pings = true;
  t.world.advance(1s);
  CHECK(app.taken() == lines{"suspect", "down", "connecting", "up"});
  CHECK(app.last_down.reason == errc::heartbeat_lost);
  CHECK(app.last_down.retry_in == 0s);  // it was stable
  CHECK(without(t.node.taken(), "ping") == lines{"end 1", "connect 2", "hello 2"});
  CHECK(app.host().actors() == 3);
}

TEST_CASE("reconnect supervisor: an answer in time ends suspicion without a reconnection") {
  town t;
  linked_app app{t.world, t.config()};
  t.world.advance(12s);
  t.node.answers_pings = false;
  REQUIRE(t.world.run_until([&] { return app.last.phase == link_phase::suspect; }, 6s));
  t.node.answers_pings = true;
  t.world.advance(10s);
  CHECK(app.taken() == lines{"connecting", "up", "suspect", "up"});
  CHECK(t.node.visits() == 1);
}

TEST_CASE("reconnect supervisor: joins are asked again on every connection") {
  town t;
  linked_app app{t.world, t.config()};
  CHECK(app.ask<joined>(join_request{"lobby"}, 1s) ==
        "nothing");  // the scripted node has not confirmed it
  CHECK(without(t.node.taken(), "ping") == lines{"connect 1", "hello 1", "subscribe"});
  t.node.send(protocol::encode_subscribed({"lobby", {5, 0}}));
  t.world.advance(1s);
  CHECK(app.ask<joined>(join_request{"lobby"}, 1s) == "ok");
  t.node.hang_up();
  t.world.advance(5s);
  CHECK(without(t.node.taken(), "ping") ==
        lines{"ack", "end 1", "connect 2", "hello 2", "subscribe"});
}

TEST_CASE(
    "reconnect supervisor: messages reach the app in order, and are acknowledged when it is done "
    "with them") {
  town t;
  link_quality whole;
  whole.cut_points = false;  // what is sent together arrives together, and is one batch
  t.world.network().shape_all(whole);
  linked_app app{t.world, t.config()};
  t.world.advance(1s);
  app.handles_messages = false;
  const std::string text = "hello";
  t.node.send(protocol::encode_message(
      {1, protocol::content_kind::text, "lobby", "bob", protocol::as_bytes(text)}));
  t.node.send(protocol::encode_gap({"lobby", 2, 3, "test"}));
  t.world.advance(1s);
  CHECK(app.taken() == lines{"connecting", "up", "bob: hello", "gap 2-3"});
  CHECK(without(t.node.taken(), "ping") ==
        lines{"connect 1", "hello 1"});  // no ack: the app is not done
  caf::anon_send(app.link, messages_handled{1});
  t.world.advance(200ms);
  CHECK(without(t.node.taken(), "ping") == lines{"ack"});
  CHECK(*protocol::parse_ack(protocol::as_bytes(t.node.frames.back().second)) == 2);
  caf::anon_send(app.link,
                 messages_handled{1});  // nothing is with the app any more: without effect
  t.world.advance(1s);
  CHECK(without(t.node.taken(), "ping").empty());
}

TEST_CASE("reconnect supervisor: a node that pings is answered") {
  town t;
  linked_app app{t.world, t.config()};
  t.world.advance(1s);
  static_cast<void>(t.node.taken());
  t.node.send(protocol::encode_ping({77, 0}));
  t.world.advance(1s);
  CHECK(without(t.node.taken(), "ping") == lines{"pong"});
  CHECK(protocol::parse_pong(protocol::as_bytes(t.node.frames.back().second))->nonce == 77);
}

TEST_CASE("reconnect supervisor: a publish fails at once while the link is not up") {
  town t;
  t.node.says_welcome = false;
  linked_app app{t.world, t.config()};
  CHECK(app.ask<receipt>(publish_request{"lobby", content::text, "x"}, 0s) == "not_connected");
  CHECK(app.ask<room_presence>(presence_request{"lobby"}, 0s) == "not_connected");
}

TEST_CASE(
    "reconnect supervisor: a publish comes to its receipt, or to outcome_unknown when the "
    "connection breaks") {
  town t;
  linked_app app{t.world, t.config()};
  t.world.advance(1s);
  CHECK(app.ask<receipt>(publish_request{"", content::text, "x"}, 0s) == "invalid_name");
  const std::string huge(2 * 1024 * 1024, 'x');
  CHECK(app.ask<receipt>(publish_request{"lobby", content::text, huge}, 0s) == "payload_too_large");

  auto came = std::make_shared<std::string>();
  auto ask_twice = [came](caf::event_based_actor* self, const reconnect_supervisor_actor& link) {
    for (int i = 0; i < 2; ++i)
      self->request(link, caf::infinite, publish_request{"lobby", content::text, "x"})
          .then([came](const receipt& r) { *came += "receipt " + std::to_string(r.offset) + ' '; },
                [came](const caf::error& why) { *came += std::string{name(errc_of(why))} + ' '; });
  };
  auto asker = t.world.system().spawn(ask_twice, app.link);
  t.world.advance(100ms);
  t.node.send(protocol::encode_receipt({1, "lobby", {5, 9}}));
  t.world.advance(100ms);
  CHECK(*came == "receipt 9 ");
  t.node.hang_up();
  t.world.advance(1s);
  CHECK(*came == "receipt 9 outcome_unknown ");
}

TEST_CASE(
    "reconnect supervisor: what the node's window does not admit is refused with window_full") {
  town t;
  t.node.welcome.window.frames = 2;
  linked_app app{t.world, t.config()};
  t.world.advance(1s);
  for (int i = 0; i < 2; ++i)
    CHECK(app.ask<receipt>(publish_request{"lobby", content::text, "x"}, 0s) == "nothing");
  CHECK(app.ask<receipt>(publish_request{"lobby", content::text, "x"}, 0s) == "window_full");
  t.node.send(protocol::encode_ack(2));
  t.world.advance(100ms);
  CHECK(app.ask<receipt>(publish_request{"lobby", content::text, "x"}, 0s) == "nothing");
}

TEST_CASE("reconnect supervisor: a node that never says welcome is given up at the deadline") {
  town t;
  t.node.says_welcome = false;
  linked_app app{t.world, t.config()};
  REQUIRE(t.world.run_until([&] { return app.last.phase == link_phase::down; }, 6s));
  CHECK(app.last.reason == errc::handshake_timeout);
}

TEST_CASE("reconnect supervisor: a terminal close code ends the link, a retryable one does not") {
  town t;
  linked_app app{t.world, t.config()};
  t.world.advance(1s);
  t.node.send(protocol::encode_close(protocol::close_code::slow_consumer, "too slow"));
  t.world.advance(3s);
  CHECK(app.taken() == lines{"connecting", "up", "down", "connecting", "up"});
  t.node.send(protocol::encode_close(protocol::close_code::unauthorized, "not you"));
  t.world.advance(1min);
  CHECK(app.taken() == lines{"failed"});
  CHECK(app.last.reason == errc::rejected);
  CHECK(app.last.detail.find("not you") != std::string::npos);
  CHECK(t.node.visits() == 2);
  CHECK(app.ask<receipt>(publish_request{"lobby", content::text, "x"}, 0s) == "rejected");
  CHECK(app.ask<joined>(join_request{"lobby"}, 0s) == "rejected");
  CHECK(app.host().actors() == 1);
}

TEST_CASE("reconnect supervisor: after a goaway it comes back within the node's window") {
  town t;
  linked_app app{t.world, t.config()};
  t.world.advance(15s);
  t.node.send(protocol::encode_goaway({protocol::close_code::going_away, 8000ms, {}, false}));
  t.node.send(protocol::encode_close(protocol::close_code::going_away, "a drill"));
  t.world.advance(100ms);
  CHECK(app.last.phase == link_phase::down);
  CHECK(app.last.retry_in > 0s);
  CHECK(app.last.retry_in <= 8s);
}

TEST_CASE(
    "reconnect supervisor: a node that breaks the protocol is told the code, and tried again") {
  town t;
  linked_app app{t.world, t.config()};
  t.world.advance(1s);
  static_cast<void>(t.node.taken());
  const std::string garbage(64, '\xff');
  t.node.send(protocol::as_bytes(garbage));
  t.world.advance(3s);
  CHECK(app.taken() == lines{"connecting", "up", "down", "connecting", "up"});
  CHECK(without(t.node.taken(), "ping") == lines{"close 4502", "end 1", "connect 2", "hello 2"});
}

TEST_CASE("reconnect supervisor: stop says close to the node and leaves nothing behind") {
  const auto before = pinned_count::live.load();
  {
    town t;
    linked_app app{t.world, t.config()};
    t.world.advance(1s);
    static_cast<void>(t.node.taken());
    caf::anon_send(app.link, stop_request{});
    t.world.advance(3s);
    CHECK(app.taken() == lines{"connecting", "up", "failed"});
    CHECK(app.last.reason == errc::stopped);
    CHECK(without(t.node.taken(), "ping") == lines{"close 4000", "end 1"});
    CHECK(app.host().actors() == 0);
    CHECK(app.host().timers_running() == 0);
  }
  CHECK(pinned_count::live.load() == before);
}

TEST_CASE("reconnect supervisor: an exit from outside stops the link in the same way") {
  town t;
  linked_app app{t.world, t.config()};
  t.world.advance(1s);
  caf::anon_send_exit(app.link, caf::exit_reason::user_shutdown);
  t.world.advance(3s);
  CHECK(app.last.phase == link_phase::failed);
  CHECK(app.host().actors() == 0);
}

TEST_CASE("reconnect supervisor: the fixed preset gives up after its tries") {
  town t;
  auto config = t.config();
  config.endpoints = {{"nowhere", 1}};
  config.retry = backoff_policy::fixed(3s, 5);
  linked_app app{t.world, config};
  t.world.advance(60s);
  CHECK(app.last.phase == link_phase::failed);
  CHECK(app.last.reason == errc::too_many_attempts);
  const auto states = app.taken();
  CHECK(std::count(states.begin(), states.end(), "connecting") == 6);  // the first one and 5 tries
}
