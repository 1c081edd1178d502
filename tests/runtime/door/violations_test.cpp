#include "byssus/protocol/control.hpp"
#include "byssus/tests/catch.hpp"

#include "scene.hpp"
#include <string>

using namespace byssus;
using namespace byssus::testing;
using namespace std::chrono_literals;
using protocol::close_code;
using protocol::frame_type;

namespace {

const std::string preface{protocol::as_text(protocol::preface)};

std::string hello_of(std::string_view json) {
  return preface + frame_of(frame_type::hello, json);
}

/// A hello that is right up to the value of its name.
std::string hello_named(const std::string& quoted) {
  return hello_of(R"({"features":[],"heartbeat":5000,"publisher":1,"name":)" + quoted + "}");
}

std::string nested(int levels) {
  std::string json;
  for (int i = 0; i < levels; ++i)
    json += R"({"a":)";
  return json + "1" + std::string(static_cast<std::size_t>(levels), '}');
}

/// Bytes from a client who has been welcomed.
auto after_welcome(std::string bytes) {
  return [bytes = std::move(bytes)](scene& here, raw_client& bad) {
    bad.greet("bad");
    here.expect([&] { return bad.count(frame_type::welcome) == 1; });
    bad.send(bytes);
  };
}

auto at_once(std::string bytes) {
  return [bytes = std::move(bytes)](scene&, raw_client& bad) { bad.send(bytes); };
}

}  // namespace

TEST_CASE("door: a hello longer than frames may be before welcome is refused by its header") {
  expect_refused(close_code::frame_too_large, at_once(preface + header(16 * 1024, 0x01)));
  expect_refused(close_code::frame_too_large, at_once(preface + header(0xffffffff, 0x01)));
}

TEST_CASE("door: a frame of unknown type is refused by its header") {
  expect_refused(close_code::unknown_type, at_once(preface + header(3, 0x3f)));
}

TEST_CASE("door: a frame that is no hello is out of turn before welcome") {
  expect_refused(close_code::protocol_error,
                 at_once(preface + frame_of(frame_type::subscribe, R"({"room":"lobby"})")));
}

TEST_CASE("door: a hello that ends in the middle times out") {
  const auto whole = hello_named(R"("x")");
  expect_refused(close_code::hello_timeout, at_once(whole.substr(0, whole.size() - 1)));
}

TEST_CASE("door: a client who ends his direction within hello is told so at once") {
  expect_refused(close_code::hello_timeout, [](scene& here, raw_client& bad) {
    bad.send(preface + header(80, 0x01) + R"({"feat)");
    here.sim.advance(1s);
    here.end_direction(2);
    here.expect([&] { return bad.ended(); }, 500ms);
  });
}

TEST_CASE("door: a handshake that comes byte by byte for ever ends at the deadline") {
  expect_refused(close_code::hello_timeout, [](scene& here, raw_client& bad) {
    const auto endless = preface + header(10'000, 0x01);
    const auto began = here.sim.now();
    for (std::size_t i = 0; !bad.ended(); ++i) {
      bad.send(i < endless.size() ? endless.substr(i, 1) : " ");
      here.sim.advance(200ms);
      REQUIRE(here.sim.now() - began < 5300ms);
    }
    CHECK(here.sim.now() - began >= 5s);
  });
}

TEST_CASE("door: JSON that is none is refused") {
  expect_refused(close_code::bad_json, at_once(hello_of("{\"features\": [")));
  expect_refused(close_code::bad_json, at_once(hello_of("[]")));
}

TEST_CASE("door: JSON that nests too deep is refused") {
  expect_refused(close_code::json_too_deep, at_once(hello_of(nested(9))));
  expect_refused(close_code::json_too_deep, at_once(hello_of(nested(2000))));
}

TEST_CASE("door: a hello without its fields is refused") {
  expect_refused(close_code::bad_hello, at_once(hello_of("{}")));
}

TEST_CASE("door: another version is refused") {
  auto other = preface;
  other.back() = 9;
  expect_refused(close_code::unsupported_version, at_once(other));
}

TEST_CASE("door: a preface that goes wrong is refused") {
  expect_refused(close_code::bad_preface, at_once("\xf5"
                                                  "BYTE"));
}

TEST_CASE("door: names that are not UTF-8 or have controls are refused") {
  expect_refused(close_code::bad_json, at_once(hello_named("\"\xff\xfe\"")));
  expect_refused(close_code::bad_name, at_once(hello_named(R"("a\u0007b")")));
  expect_refused(close_code::bad_name, at_once(hello_named('"' + std::string(256, 'n') + '"')));
}

TEST_CASE("door: TLS and HTTP are refused in words, for now") {
  expect_refused(close_code::protocol_error, at_once("\x16\x03\x01\x02"));
  expect_refused(close_code::protocol_error, at_once("GET / HTTP/1.1\r\n"));
}

TEST_CASE("connection: a frame longer than agreed is refused by its header") {
  expect_refused(close_code::frame_too_large, after_welcome(header(256 * 1024, 0x84)));
}

TEST_CASE("connection: a frame of unknown type ends it, an ignorable one does not") {
  expect_refused(close_code::unknown_type,
                 after_welcome(frame_of(frame_type{0xc8}, "later") + header(0, 0x3e)));
}

TEST_CASE("connection: garbage after welcome ends it") {
  expect_refused(close_code::frame_too_large, after_welcome("GET / HTTP/1.1\r\n\r\n"));
  expect_refused(close_code::protocol_error,
                 after_welcome(hello_named(R"("again")").substr(preface.size())));
  expect_refused(close_code::bad_body, after_welcome(frame_of(frame_type::ping, "short")));
}

TEST_CASE("connection: JSON that is too large is refused") {
  const auto large = R"({"room":"lobby","more":")" + std::string(70'000, 'x') + "\"}";
  expect_refused(close_code::json_too_large, after_welcome(frame_of(frame_type::subscribe, large)));
}

TEST_CASE("connection: rooms whose names are not UTF-8 or have controls are refused") {
  expect_refused(close_code::bad_name,
                 after_welcome(frame_of(frame_type::subscribe, R"({"room":"a\u009fb"})")));
  auto spoilt = std::string{protocol::as_text(publish("lobby", "hi", 1).bytes())};
  spoilt[spoilt.find("lobby")] = '\xff';
  expect_refused(close_code::bad_name, after_welcome(spoilt));
}

TEST_CASE("connection: a client who ends his direction without a close frame is told so") {
  expect_refused(close_code::going_away, [](scene& here, raw_client& bad) {
    bad.greet("bad");
    here.expect([&] { return bad.count(frame_type::welcome) == 1; });
    here.end_direction(2);
  });
}

TEST_CASE("connection: a frame that does not end times out") {
  node_settings impatient;
  impatient.rules.frame_deadline = 4s;
  expect_refused(close_code::frame_timeout, after_welcome(header(100, 0x84) + "abc"), impatient);
}

TEST_CASE("connection: pings between the frames of a message do not give it more time") {
  node_settings impatient;
  impatient.rules.frame_deadline = 4s;
  expect_refused(
      close_code::frame_timeout,
      [](scene& here, raw_client& bad) {
        bad.greet("bad");
        here.expect([&] { return bad.count(frame_type::welcome) == 1; });
        std::string first{protocol::as_text(publish("lobby", "half", 1).bytes())};
        first[5] = static_cast<char>(protocol::flag_more);
        bad.send(first);
        for (std::uint64_t nonce = 0; nonce < 5; ++nonce) {
          here.sim.advance(900ms);
          bad.send(protocol::encode_ping({nonce, 0}));
        }
        CHECK(bad.ended());
      },
      impatient);
}

TEST_CASE("connection: a line that is never between two frames is no frame that does not end") {
  node_settings impatient;
  impatient.rules.frame_deadline = 4s;
  scene here{1, 1, impatient};
  auto& busy = here.welcomed("busy");
  // Each send holds the end of one frame and the beginning of the next.
  std::string open;
  for (std::uint64_t number = 1; number <= 20; ++number) {
    const auto next = std::string{protocol::as_text(publish("lobby", "on and on", number).bytes())};
    busy.send(open + next.substr(0, 9));
    open = next.substr(9);
    here.sim.advance(1s);
  }
  CHECK_FALSE(busy.ended());
  CHECK(busy.count(frame_type::receipt) + busy.count(frame_type::error) == 19);
  here.expect([&] { return busy.code() == close_code::frame_timeout; });
}

TEST_CASE("connection: a flood of pings ends it") {
  std::string flood;
  for (std::uint64_t i = 0; i < 40; ++i)
    flood += protocol::as_text(protocol::encode_ping({i, 0}).bytes());
  expect_refused(close_code::ping_flood, after_welcome(flood));
}

TEST_CASE("connection: acknowledging what was never sent ends it") {
  expect_refused(close_code::bad_count,
                 after_welcome(std::string{protocol::as_text(protocol::encode_ack(1000).bytes())}));
}

TEST_CASE("connection: a pong that nobody asked for acknowledges what it says and does no harm") {
  scene here;
  auto& ann = here.dial().greet("ann", {.frames = 1});
  here.expect([&] { return ann.count(frame_type::welcome) == 1; });
  ann.send(protocol::encode_pong({5, 0}));
  ann.send(protocol::encode_subscribe({"one", {}})).send(protocol::encode_subscribe({"two", {}}));
  here.sim.advance(1s);
  CHECK(ann.count(frame_type::subscribed) == 1);
  ann.send(protocol::encode_pong({6, 1}));
  here.expect([&] { return ann.count(frame_type::subscribed) == 2; });
  CHECK_FALSE(ann.ended());
}

TEST_CASE("connection: acknowledging by a pong what was never sent ends it") {
  const auto pong = protocol::encode_pong({5, 1000});
  expect_refused(close_code::bad_count,
                 after_welcome(std::string{protocol::as_text(pong.bytes())}));
}

TEST_CASE("plain: a flood of pings ends it") {
  std::string flood = "\n";
  for (int i = 0; i < 40; ++i)
    flood += "ping\n";
  expect_refused(close_code::ping_flood, at_once(flood));
}

TEST_CASE("plain: a line that is too long ends it") {
  expect_refused(close_code::frame_too_large, at_once("\n" + std::string(4097, 'x')));
}
