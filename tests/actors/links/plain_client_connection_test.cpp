#include "byssus/actors/links/plain_client_connection.hpp"

#include "byssus/tests/catch.hpp"

#include <caf/send.hpp>

#include "fixtures/neighbours.hpp"
#include "fixtures/plain_server.hpp"

using namespace byssus;
using namespace byssus::testing;
using namespace std::chrono_literals;
using lines = std::vector<std::string>;

namespace {

heartbeat_actor::behavior_type fake_pinger(heartbeat_actor::pointer, lines* heard) {
  return {
      [heard](const pong_received& pong) {
        heard->push_back("pong " + std::to_string(pong.nonce));
      },
      [heard](const socket_polled&) { heard->emplace_back("looked"); },
      [](const heartbeat_query&) { return heartbeat_status{}; },
      [](const timer_signal&) {},
  };
}

link_observer_actor::behavior_type listening_app(link_observer_actor::pointer, lines* heard) {
  return {
      [](const link_state&) {},
      [heard](const message_batch& batch) {
        for (const auto& each : batch.messages)
          heard->push_back(": " + each.payload);
      },
  };
}

reconnect_supervisor_actor::behavior_type owner_of_connection(
    reconnect_supervisor_actor::pointer self, link_observer_actor app, endpoint target,
    connection_actor* made) {
  auto script = std::make_shared<neighbour_script>();
  auto session = std::make_shared<plain_session>(
      self, std::move(app), plain_session::bounds{1024, {.frames = 100, .bytes = 1024}});
  *made = session->connect({std::make_shared<const link_config>(), std::move(target), 1});
  script->when_up = [session] { session->on_announced(); };
  return fake_supervisor(self, script);
}

/// A CONNECTION that is pinged when the test says so. What comes of it stands in `heard`: `pong 7`
/// with the nonce, and `: text` as the app is handed it.
struct contact {
  explicit contact(duration round_trip) {
    link_quality path;
    path.cut_points = false;
    path.delay = round_trip / 2;
    world.network().shape_all(path);
    auto& home = world.host("client").reactor();
    pinger = home.spawn(fake_pinger, &heard);
    auto app = world.system().spawn(listening_app, &heard);
    owner = home.spawn(owner_of_connection, app, server.where(), &connection);
    REQUIRE(world.run_until([&] { return server.visits() == 1; }, 10s));
    world.advance(10s);
  }

  ~contact() { caf::anon_send_exit(connection, caf::exit_reason::kill); }
  contact(const contact&) = delete;
  contact& operator=(const contact&) = delete;

  void ping(std::uint64_t nonce) { caf::anon_send(connection, ping_request{nonce, pinger}); }

  simulation world{3};
  plain_server server{world};
  lines heard;
  heartbeat_actor pinger;
  reconnect_supervisor_actor owner;
  connection_actor connection;
};

}  // namespace

TEST_CASE("plain client connection: a pong is for the oldest ping without one") {
  contact t{600ms};
  t.ping(1);
  t.world.advance(100ms);
  t.ping(2);
  t.world.advance(550ms);
  CHECK(t.heard == lines{"pong 1"});
  t.world.advance(100ms);
  CHECK(t.heard == lines{"pong 1", "pong 2"});
}

TEST_CASE("plain client connection: pongs find their pings while they come within an interval") {
  contact t{900ms};
  for (std::uint64_t nonce = 1; nonce <= 4; ++nonce) {
    t.ping(nonce);
    t.world.advance(1s);
  }
  CHECK(t.heard == lines{"pong 1", "pong 2", "pong 3", "pong 4"});
}

// The limit that its class and `link_mode` name.
TEST_CASE("plain client connection: pongs that need longer than an interval go astray") {
  contact t{1200ms};
  for (std::uint64_t nonce = 1; nonce <= 4; ++nonce) {
    t.ping(nonce);
    t.world.advance(1s);
  }
  t.world.advance(2s);
  CHECK(t.heard == lines{"pong 1", "pong 3", "pong 4", ": pong"});
}
