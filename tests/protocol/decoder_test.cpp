#include "byssus/protocol/decoder.hpp"

#include "byssus/protocol/payload.hpp"
#include "byssus/tests/catch.hpp"

#include <string>
#include <vector>

using namespace byssus::protocol;

namespace {

std::vector<std::byte> stream_of(std::initializer_list<frame> frames) {
  std::vector<std::byte> bytes;
  for (const auto& one : frames) {
    bytes.insert(bytes.end(), one.bytes().begin(), one.bytes().end());
  }
  return bytes;
}

}  // namespace

TEST_CASE("decoder: a frame within the bytes is shown in place") {
  const auto bytes = stream_of({encode_ack(1), encode_ack(2)});
  decoder in;
  std::vector<const std::byte*> seen;
  const auto fed =
      in.feed(bytes, [&](const frame_view& next) { seen.push_back(next.whole.data()); });
  CHECK(fed.consumed == bytes.size());
  CHECK(seen == std::vector<const std::byte*>{bytes.data(), bytes.data() + 14});
  CHECK_FALSE(in.has_partial());
}

TEST_CASE("decoder: a visitor that stops gets the rest back, with and without a partial frame") {
  const auto bytes = stream_of({encode_ack(1), encode_ack(2), encode_ack(3)});
  for (std::size_t cut = 0; cut < 14; ++cut) {
    decoder in;
    std::vector<std::uint64_t> acks;
    const auto stop_at_first = [&](const frame_view& next) {
      acks.push_back(*parse_ack(next.body));
      return flow::stop;
    };
    REQUIRE_FALSE(in.feed(byte_view{bytes}.first(cut), stop_at_first).stopped);
    const auto rest = byte_view{bytes}.subspan(cut);
    const auto fed = in.feed(rest, stop_at_first);
    CHECK(fed.stopped);
    CHECK(fed.consumed == 14 - cut);
    CHECK_FALSE(in.has_partial());

    decoder successor;
    CHECK_FALSE(successor
                    .feed(rest.subspan(fed.consumed),
                          [&](const frame_view& next) { acks.push_back(*parse_ack(next.body)); })
                    .broken);
    CHECK(acks == std::vector<std::uint64_t>{1, 2, 3});
  }
}

TEST_CASE("decoder: a limit set while a frame is shown holds for the next one in the same bytes") {
  const std::vector<std::byte> payload(20'000);
  const auto big = encode_direct({content_kind::binary, "bob", payload});
  const auto bytes = stream_of({encode_ack(1), big});

  decoder strict;
  const auto refused = strict.feed(bytes, [](const frame_view&) {});
  REQUIRE(refused.broken);
  CHECK(refused.broken->code == close_code::frame_too_large);
  CHECK(refused.consumed == 14);

  decoder raised;
  std::size_t frames = 0;
  const auto fed = raised.feed(bytes, [&](const frame_view&) {
    ++frames;
    raised.limit(max_frame_bytes);
  });
  CHECK_FALSE(fed.broken);
  CHECK(frames == 2);
}

TEST_CASE("decoder: a claimed length reserves nothing; what is kept grows with what came") {
  const std::vector<std::byte> payload(200'000);
  const auto big = encode_direct({content_kind::binary, "bob", payload});
  decoder in;
  in.limit(max_frame_bytes);
  std::size_t shown = 0;
  for (std::size_t at = 0; at < big.size(); at += 1000) {
    const auto piece = big.bytes().subspan(at, std::min<std::size_t>(1000, big.size() - at));
    REQUIRE_FALSE(
        in.feed(piece, [&](const frame_view& next) { shown += next.whole.size(); }).broken);
    CHECK(in.partial_bytes() == (shown > 0 ? 0 : at + piece.size()));
  }
  CHECK(shown == big.size());
}

TEST_CASE("decoder: it is small when idle and keeps nothing behind a frame that was cut") {
  static_assert(sizeof(decoder) <= 48);
  const auto bytes = stream_of({encode_ack(1)});
  decoder in;
  REQUIRE(in.feed(byte_view{bytes}.first(7), [](const frame_view&) {}).consumed == 7);
  CHECK(in.has_partial());
  REQUIRE(in.feed(byte_view{bytes}.subspan(7), [](const frame_view&) {}).consumed == 7);
  CHECK_FALSE(in.has_partial());
  CHECK(in.partial_bytes() == 0);
}

TEST_CASE("decoder: a violation says what is wrong in words") {
  decoder in;
  const auto fed = in.feed(as_bytes("GET / HTTP/1.1\r\n"), [](const frame_view&) {});
  REQUIRE(fed.broken);
  CHECK(fed.broken->reason == "a frame of 1195725862 bytes, 16384 are allowed");
}
