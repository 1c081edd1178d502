#include "byssus/protocol/control.hpp"
#include "byssus/protocol/decoder.hpp"
#include "byssus/protocol/fragments.hpp"
#include "byssus/protocol/payload.hpp"
#include "byssus/protocol/rules.hpp"

#include "support/input.hpp"
#include "support/promise.hpp"
#include <algorithm>
#include <string>

/// Bodies of all other frames: what is parsed encodes, to the same bytes where they are binary, and
/// parses to the same value; in fragments of any size it is put together again.
///
/// Input: two bytes that choose the type and the size of fragments, then the body.
namespace byssus::fuzz {

namespace {

using namespace protocol;

void expect_reason(const violation& broken) {
  promise(is_retryable(broken.code) == false && name(broken.code) != "unknown",
          "a body that is refused has a terminal code that is known");
  promise(!broken.reason.empty(), "a violation says why");
}

/// JSON and close: the same value, though perhaps in other bytes.
template <class T>
void try_value(byte_view body, result<T> (*parse)(byte_view), frame (*encode)(const T&)) {
  const auto value = parse(body);
  if (!value)
    return expect_reason(value.error());
  const auto again = encode(*value);
  promise(bool(again), "a value that was parsed can be sent");
  const auto read = parse(again.view().body);
  promise(read && *read == *value, "a value is the same after encoding");
}

void expect_same(byte_view left, byte_view right, const char* sentence) {
  promise(std::ranges::equal(left, right), sentence);
}

template <class View>
void try_fragments(const View& view, byte_view body, std::size_t frame_bytes) {
  decoder frames;
  frames.limit(frame_bytes);
  reassembler whole;
  std::size_t bodies = 0;
  for (const auto& part : split(view, frame_bytes)) {
    promise(part.size() <= frame_bytes, "a fragment is no longer than was asked for");
    const auto fed = frames.feed(part.bytes(), [&](const frame_view& frame) {
      const auto broken = whole.feed(frame, [&](const whole_body& together) {
        ++bodies;
        expect_same(together.body, body, "fragments make the body that was split");
      });
      promise(!broken, "fragments of one message follow each other");
    });
    promise(!fed.broken, "a fragment is a frame");
  }
  promise(bodies == 1 && !whole.collecting(), "the last fragment ends the message");
}

/// Binary bodies with a payload: the same bytes.
template <class View>
void try_view(byte_view body, std::size_t frame_bytes, result<View> (*parse)(byte_view),
              frame (*encode)(const View&)) {
  const auto view = parse(body);
  if (!view)
    return expect_reason(view.error());
  const auto again = encode(*view);
  promise(bool(again) == (header_bytes + body.size() <= max_frame_bytes),
          "a view that was parsed can be sent if it fits a frame");
  if (again)
    expect_same(again.view().body, body, "a binary body is the same bytes after encoding");
  try_fragments(*view, body, frame_bytes);
}

frame encode_close_body(const close_body& farewell) {
  return encode_close(farewell.code, farewell.reason);
}
frame encode_ping_body(const ping_body& ping) {
  return encode_ping(ping);
}
frame encode_pong_body(const ping_body& pong) {
  return encode_pong(pong);
}
frame encode_ack_body(const std::uint64_t& received) {
  return encode_ack(received);
}

void try_body(std::size_t choice, byte_view body, std::size_t frame_bytes) {
  switch (choice) {
    case 0:
      return try_view(body, frame_bytes, parse_publish, encode_publish);
    case 1:
      return try_view(body, frame_bytes, parse_message, encode_message);
    case 2:
      return try_view(body, frame_bytes, parse_direct, encode_direct);
    case 3:
      return try_view(body, frame_bytes, parse_call, encode_call);
    case 4:
      return try_view(body, frame_bytes, parse_reply, encode_reply);
    case 5:
      return try_value(body, parse_ping, encode_ping_body);
    case 6:
      return try_value(body, parse_pong, encode_pong_body);
    case 7:
      return try_value(body, parse_ack, encode_ack_body);
    case 8:
      return try_value(body, parse_close, encode_close_body);
    case 9:
      return try_value(body, parse_subscribe, encode_subscribe);
    case 10:
      return try_value(body, parse_unsubscribe, encode_unsubscribe);
    case 11:
      return try_value(body, parse_subscribed, encode_subscribed);
    case 12:
      return try_value(body, parse_receipt, encode_receipt);
    case 13:
      return try_value(body, parse_gap, encode_gap);
    case 14:
      return try_value(body, parse_presence_request, encode_presence_request);
    case 15:
      return try_value(body, parse_presence, encode_presence);
    case 16:
      return try_value(body, parse_error, encode_error);
    default:
      return try_value(body, parse_goaway, encode_goaway);
  }
}

}  // namespace

}  // namespace byssus::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  byssus::fuzz::input in{byssus::fuzz::view_of(data, size)};
  const auto choice = in.up_to(17);
  const auto frame_bytes = byssus::protocol::min_frame_bytes + 7 * in.up_to(255);
  byssus::fuzz::try_body(choice, in.rest(), frame_bytes);
  return 0;
}
