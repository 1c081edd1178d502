#include "byssus/protocol/counters.hpp"

#include "byssus/tests/catch.hpp"

using namespace byssus::protocol;

namespace {

constexpr window wide{};

}  // namespace

TEST_CASE("counters: frames are numbered from 1 and in flight until acknowledged") {
  counters session{wide, wide};
  CHECK(session.on_sent(100) == 1);
  CHECK(session.on_sent(200) == 2);
  CHECK(session.on_sent(300) == 3);
  CHECK(session.sent() == 3);
  CHECK(session.bytes_in_flight() == 600);

  CHECK(*session.on_ack(2) == 2);
  CHECK(session.acknowledged_by_peer() == 2);
  CHECK(session.frames_in_flight() == 1);
  CHECK(session.bytes_in_flight() == 300);
}

TEST_CASE("counters: an older or equal acknowledgement is no harm, one beyond what was sent is") {
  counters session{wide, wide};
  session.on_sent(10);
  session.on_sent(10);
  CHECK(*session.on_ack(2) == 2);
  CHECK(*session.on_ack(2) == 0);
  CHECK(*session.on_ack(1) == 0);
  CHECK(session.acknowledged_by_peer() == 2);
  const auto broken = session.on_ack(3);
  REQUIRE_FALSE(broken);
  CHECK(broken.error().code == close_code::bad_count);
}

TEST_CASE("counters: sending stops at the peer's window of frames and goes on with an ack") {
  counters session{wide, {.frames = 2, .bytes = 10'000}};
  CHECK(session.may_send(10));
  session.on_sent(10);
  CHECK(session.may_send(10));
  session.on_sent(10);
  CHECK_FALSE(session.may_send(10));
  REQUIRE(session.on_ack(1));
  CHECK(session.may_send(10));
}

TEST_CASE(
    "counters: sending stops at the peer's window of bytes, but a frame larger than it may go "
    "alone") {
  counters session{wide, {.frames = 100, .bytes = 2000}};
  CHECK(session.may_send(5000));
  session.on_sent(1500);
  CHECK(session.may_send(500));
  CHECK_FALSE(session.may_send(501));
  REQUIRE(session.on_ack(1));
  session.on_sent(5000);
  CHECK_FALSE(session.may_send(1));
}

TEST_CASE("counters: thousands in flight keep their sizes, in order") {
  counters session{wide, {.frames = 100'000, .bytes = 1 << 30}};
  std::uint64_t acknowledged = 0;
  std::uint64_t bytes = 0;
  for (std::size_t round = 1; round <= 5000; ++round) {
    session.on_sent(round);
    bytes += round;
    if (round % 3 == 0) {
      bytes -= ++acknowledged;
      REQUIRE(session.on_ack(acknowledged));
    }
    REQUIRE(session.bytes_in_flight() == bytes);
  }
  REQUIRE(session.on_ack(5000));
  CHECK(session.bytes_in_flight() == 0);
}

TEST_CASE("counters: what is acknowledged is what was handed over, not what came") {
  counters session{wide, wide};
  REQUIRE_FALSE(session.on_received(50));
  CHECK(session.received() == 1);
  CHECK(session.handed() == 0);
  CHECK_FALSE(session.ack_pending());
  session.on_handed(1, 50);
  CHECK(session.handed() == 1);
  CHECK(session.ack_pending());
  CHECK_FALSE(session.ack_due());
  session.on_told();
  CHECK_FALSE(session.ack_pending());
}

TEST_CASE("counters: an ack is due after 64 frames or 64 KiB") {
  counters frames{wide, wide};
  for (int i = 0; i < 64; ++i) {
    CHECK_FALSE(frames.ack_due());
    REQUIRE_FALSE(frames.on_received(10));
    frames.on_handed(1, 10);
  }
  CHECK(frames.ack_due());
  frames.on_told();
  CHECK_FALSE(frames.ack_due());

  counters bytes{wide, wide};
  REQUIRE_FALSE(bytes.on_received(64 * 1024 - 1));
  bytes.on_handed(1, 64 * 1024 - 1);
  CHECK_FALSE(bytes.ack_due());
  REQUIRE_FALSE(bytes.on_received(10));
  bytes.on_handed(1, 10);
  CHECK(bytes.ack_due());
}

TEST_CASE(
    "counters: with a small window an ack is due at half of it, so that the peer never waits for "
    "time") {
  counters session{{.frames = 4, .bytes = 1 << 20}, wide};
  REQUIRE_FALSE(session.on_received(10));
  session.on_handed(1, 10);
  CHECK_FALSE(session.ack_due());
  REQUIRE_FALSE(session.on_received(10));
  session.on_handed(1, 10);
  CHECK(session.ack_due());
}

TEST_CASE("counters: a peer that does not stop at our window is found out") {
  counters frames{{.frames = 2, .bytes = 1 << 20}, wide};
  REQUIRE_FALSE(frames.on_received(10));
  REQUIRE_FALSE(frames.on_received(10));
  const auto broken = frames.on_received(10);
  REQUIRE(broken);
  CHECK(broken->code == close_code::window_exceeded);

  counters bytes{{.frames = 100, .bytes = 1024}, wide};
  REQUIRE_FALSE(bytes.on_received(5000));
  CHECK(bytes.on_received(1));
}

TEST_CASE("counters: what came and was not handed over stays in the window when the peer is told") {
  counters session{{.frames = 100, .bytes = 1024}, wide};
  REQUIRE_FALSE(session.on_received(500));
  REQUIRE_FALSE(session.on_received(500));
  session.on_handed(1, 500);
  session.on_told();
  REQUIRE_FALSE(session.on_received(524));
  CHECK(session.on_received(1));
}

TEST_CASE("counters: two ends that keep to the rules never break them, whatever the sizes") {
  const window narrow{.frames = 3, .bytes = 1024};
  counters sender{wide, narrow};
  counters receiver{narrow, wide};
  std::uint64_t handed_until_now = 0;
  std::vector<std::size_t> with_receiver;
  for (std::size_t step = 1; step < 20'000; ++step) {
    const std::size_t bytes = 6 + (step * 7919) % 1500;
    if (sender.may_send(bytes)) {
      sender.on_sent(bytes);
      REQUIRE_FALSE(receiver.on_received(bytes));
      with_receiver.push_back(bytes);
    } else {
      for (const auto one : with_receiver) {
        receiver.on_handed(1, one);
      }
      handed_until_now += with_receiver.size();
      with_receiver.clear();
      REQUIRE(sender.on_ack(receiver.handed()));
      receiver.on_told();
    }
  }
  CHECK(handed_until_now > 5'000);
  CHECK(sender.acknowledged_by_peer() == handed_until_now);
}
