#include "byssus/protocol/control.hpp"
#include "byssus/tests/catch.hpp"

#include "scene.hpp"
#include <string>

using namespace byssus;
using namespace byssus::testing;
using namespace std::chrono_literals;
using protocol::frame_type;

namespace {

std::string name_in_welcome(const raw_client& client) {
  const auto welcome = client.last(frame_type::welcome);
  REQUIRE(welcome);
  const auto parsed = protocol::parse_welcome(protocol::as_bytes(welcome->body));
  REQUIRE(parsed);
  return parsed->name;
}

}  // namespace

TEST_CASE("door: who names himself is called so, who does not is a guest of his own") {
  scene here{1, 2};
  CHECK(name_in_welcome(here.welcomed("ann")) == "ann");
  const auto first = name_in_welcome(here.welcomed(""));
  const auto second = name_in_welcome(here.welcomed(""));
  CHECK(first.starts_with("guest-"));
  CHECK(second.starts_with("guest-"));
  CHECK(first != second);
}

TEST_CASE("door: what comes with the hello is answered, and nothing comes before welcome") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    scene here{seed};
    auto& hasty = here.dial().greet("hasty");
    hasty.send(protocol::encode_subscribe({"lobby", {}}))
        .send(publish("lobby", "already?", 1))
        .send(protocol::encode_ping({9, 0}));
    here.expect([&] {
      return hasty.count(frame_type::message) == 1 && hasty.count(frame_type::pong) == 1;
    });
    CHECK(hasty.frames().front().type == frame_type::welcome);
    CHECK(hasty.count(frame_type::receipt) == 1);
    CHECK(here.closing_lines().empty());
  }
}

TEST_CASE("door: who is silent for 3 s is a plain listener, and hears the lobby") {
  scene here;
  auto& silent = here.dial();
  here.sim.advance(2900ms);
  CHECK(here.counts().strangers == 1);
  here.sim.advance(200ms);
  CHECK(here.counts().strangers == 0);
  CHECK(here.counts().plain_listeners == 1);
  here.welcomed("ann").send(publish("lobby", "anybody?"));
  here.expect([&] { return silent.bytes() == "ann: anybody?\n"; });
  silent.send("me");
  here.expect([&] { return here.counts().plain_listeners == 0; });
}

TEST_CASE("door: a preface after a long silence is honoured, with all that comes with it") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    scene here{seed, 3};
    auto& late = here.dial();
    here.sim.advance(4s);
    REQUIRE(here.counts().plain_listeners == 1);
    late.greet("late")
        .send(protocol::encode_subscribe({"lobby", {}}))
        .send(protocol::encode_ping({1, 0}));
    here.expect([&] {
      return late.count(frame_type::subscribed) == 1 && late.count(frame_type::pong) == 1;
    });
    CHECK(late.frames().front().type == frame_type::welcome);
    const auto counts = here.counts();
    CHECK(counts.admitted == 1);
    CHECK(counts.sockets == 1);
    CHECK(counts.plain_listeners == 0);
    here.expect_all_well();
  }
}

TEST_CASE("door: a preface at the very moment when silence makes a listener is honoured") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    scene here{seed};
    auto& close_call = here.dial();
    here.expect([&] { return here.counts().strangers == 1; });
    here.sim.advance(2995ms + std::chrono::microseconds{seed * 200});
    close_call.greet("close call");
    here.expect([&] { return close_call.count(frame_type::welcome) == 1; });
  }
}

TEST_CASE("plain: a preface is too late once a line was sent") {
  scene here;
  auto& late = here.dial();
  here.sim.advance(4s);
  here.welcomed("ann").send(publish("lobby", "first"));
  here.expect([&] { return !late.bytes().empty(); });
  late.greet("late");
  here.expect([&] { return late.ended(); });
  CHECK(late.bytes() ==
        "ann: first\nclosed: 4003 hello_timeout, the preface came after lines were sent\n");
  CHECK(here.counts().admitted == 1);
}

TEST_CASE("door: a hello that takes its time is welcomed within the deadline") {
  scene here;
  auto& slow = here.dial();
  here.sim.advance(1s);
  slow.send("\xf5");
  here.sim.advance(4500ms);
  CHECK(here.counts().strangers == 1);
  protocol::hello hello;
  hello.name = "slow";
  slow.send(protocol::as_text(protocol::preface).substr(1)).send(protocol::encode_hello(hello));
  here.expect([&] { return slow.count(frame_type::welcome) == 1; }, 400ms);
}

TEST_CASE("door: the beginning of GET is a message once 200 ms have passed") {
  scene here;
  auto& listener = here.dial();
  here.sim.advance(4s);
  here.dial().send("GE");
  here.sim.advance(150ms);
  CHECK(listener.bytes().empty());
  here.expect([&] { return listener.bytes().ends_with(": GE\n"); }, 100ms);
}

TEST_CASE("door: GET in two reads is HTTP, and GEX is a message") {
  scene here;
  auto& listener = here.dial();
  here.sim.advance(4s);
  auto& web = here.dial().send("GE");
  auto& chatter = here.dial().send("GE");
  here.sim.advance(100ms);
  web.send("T / HTTP/1.1\r\n\r\n");
  chatter.send("X");
  here.expect([&] { return web.ended(); });
  CHECK(web.bytes() == "closed: 4500 protocol_error, this port does not speak HTTP\n");
  here.expect([&] { return listener.bytes().ends_with(": GEX\n"); });
}

TEST_CASE("door: who says something and ends is heard") {
  scene here;
  auto& listener = here.dial();
  here.sim.advance(4s);
  here.dial().send("that is all");
  here.sim.advance(50ms);
  here.end_direction(2);
  here.expect([&] { return listener.bytes().ends_with(": that is all\n"); });
  here.expect([&] { return here.counts().sockets == 1; });
  CHECK(here.closing_lines().empty());
}

TEST_CASE("door: who ends without a word is forgotten at once, without a line") {
  scene here;
  here.dial();
  here.expect([&] { return here.counts().strangers == 1; });
  here.end_direction(1);
  here.expect([&] { return here.counts().sockets == 0; }, 100ms);
  CHECK(here.closing_lines().empty());
  CHECK(here.node->timers_running() == 1);  // the REAPER's
}

TEST_CASE("door: who takes his call back before hello is let go without a line") {
  scene here;
  auto& polite = here.dial().send(protocol::encode_preface());
  polite.send(protocol::encode_close(protocol::close_code::going_away, "changed my mind"));
  here.expect([&] { return polite.ended(); });
  CHECK(here.closing_lines().empty());
}
