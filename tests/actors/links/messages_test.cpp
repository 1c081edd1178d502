#include "byssus/actors/links/messages.hpp"

#include "byssus/tests/catch.hpp"

#include <iomanip>
#include <sstream>

using namespace std::chrono_literals;

namespace byssus {

namespace {

link_state in(link_phase phase) {
  link_state state;
  state.phase = phase;
  return state;
}

link_state down(duration retry_in) {
  auto state = in(link_phase::down);
  state.reason = errc::connection_reset;
  state.retry_in = retry_in;
  return state;
}

}  // namespace

TEST_CASE("link_state: says its phase in one word") {
  CHECK(to_string(in(link_phase::connecting)) == "connecting");
  CHECK(to_string(in(link_phase::up)) == "up");
  CHECK(to_string(in(link_phase::suspect)) == "suspect");
}

TEST_CASE("link_state: says why it is down and when the next attempt starts") {
  CHECK(to_string(down(400ms)) == "down (the connection broke), retry in 0.4 s");
  CHECK(to_string(down(20s)) == "down (the connection broke), retry in 20.0 s");
}

TEST_CASE("link_state: rounds up, so that nothing happens sooner than it says") {
  CHECK(to_string(down(0s)) == "down (the connection broke), retry in 0.0 s");
  CHECK(to_string(down(1ns)) == "down (the connection broke), retry in 0.1 s");
  CHECK(to_string(down(1999ms)) == "down (the connection broke), retry in 2.0 s");
  CHECK(to_string(down(-5s)) == "down (the connection broke), retry in 0.0 s");
}

TEST_CASE("link_state: adds the other side's words, without control characters") {
  auto failed = in(link_phase::failed);
  failed.reason = errc::rejected;
  failed.detail = "ban\x1b[2J\nned";
  CHECK(to_string(failed) == "failed (the node turned the link away for good: ban?[2J?ned)");
}

TEST_CASE("link_state: what a stream was told before changes nothing") {
  std::ostringstream out;
  out << std::hex << std::setprecision(1) << std::scientific << down(12'345ms);
  CHECK(out.str() == "down (the connection broke), retry in 12.4 s");
}

TEST_CASE("receipt: says room, number and offset") {
  std::ostringstream out;
  out << std::hex << receipt{.room = "lobby", .number = 10, .epoch = 1, .offset = 17};
  CHECK(out.str() == "lobby has publish 10 at offset 17");
}

}  // namespace byssus
