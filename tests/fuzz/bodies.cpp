#include "byssus/protocol/control.hpp"
#include "byssus/protocol/decoder.hpp"
#include "byssus/protocol/fragments.hpp"
#include "byssus/protocol/payload.hpp"
#include "byssus/protocol/rules.hpp"

#include "support/promise.hpp"
#include "support/reach.hpp"
#include "support/shapes.hpp"
#include <algorithm>
#include <string>

/// Bodies of all other frames: what is parsed encodes, to the same bytes where they are binary, and
/// parses to the same value; in fragments of any size it is put together again.
///
/// Input: a byte that chooses the type, one that chooses the size of fragments or, if the body is
/// JSON, says how it is made (see `making`), then the body or the choices for its fields. A binary
/// type of 128 or more has two bytes before the body, for a run of bytes behind it.
namespace byssus::fuzz {

namespace {

using namespace protocol;

/// By the input's choice.
reach sound_bodies[] = {
    reach{"a sound publish"},   reach{"a sound message"},     reach{"a sound direct"},
    reach{"a sound call"},      reach{"a sound reply"},       reach{"a sound ping"},
    reach{"a sound pong"},      reach{"a sound ack"},         reach{"a sound close"},
    reach{"a sound subscribe"}, reach{"a sound unsubscribe"}, reach{"a sound subscribed"},
    reach{"a sound receipt"},   reach{"a sound gap"},         reach{"a sound presence request"},
    reach{"a sound presence"},  reach{"a sound error"},       reach{"a sound goaway"}};
reach long_messages{"a message that no frame can hold"};
reach large_json{"JSON that is too large"};

/// False: it is refused.
bool expect_reason(const violation& broken) {
  promise(!is_retryable(broken.code) && name(broken.code) != "unknown",
          "a body that is refused has a terminal code that is known");
  promise(!broken.reason.empty(), "a violation says why");
  large_json.count(broken.code == close_code::json_too_large);
  return false;
}

/// JSON and close: the same value, though perhaps in other bytes. True: the body is sound.
template <class T>
bool try_value(byte_view body, result<T> (*parse)(byte_view), frame (*encode)(const T&)) {
  const auto value = parse(body);
  if (!value)
    return expect_reason(value.error());
  const auto again = encode(*value);
  promise(bool(again), "a value that was parsed can be sent");
  const auto read = parse(again.view().body);
  promise(read && *read == *value, "a value is the same after encoding");
  return true;
}

/// JSON that is made as the input says.
template <class T>
bool try_json(input& in, std::span<const field> shape, T (*some)(input&),
              result<T> (*parse)(byte_view), frame (*encode)(const T&)) {
  const making made{in};
  const auto body = made.body(in, shape, [&](input& rest) { return encode(some(rest)); });
  return try_value(as_bytes(body), parse, encode);
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
bool try_view(byte_view body, std::size_t frame_bytes, result<View> (*parse)(byte_view),
              frame (*encode)(const View&)) {
  const auto view = parse(body);
  if (!view)
    return expect_reason(view.error());
  const auto again = encode(*view);
  promise(bool(again) == (header_bytes + body.size() <= max_frame_bytes),
          "a view that was parsed can be sent if it fits a frame");
  if (again)
    expect_same(again.view().body, body, "a binary body is the same bytes after encoding");
  long_messages.count(!again);
  try_fragments(*view, body, frame_bytes);
  return true;
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

bool try_binary(std::size_t choice, byte_view body, std::size_t frame_bytes) {
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
    default:
      return try_value(body, parse_close, encode_close_body);
  }
}

bool try_control(std::size_t choice, input& in) {
  switch (choice) {
    case 9:
      return try_json(in, shapes::subscribe, some_subscribe, parse_subscribe, encode_subscribe);
    case 10:
      return try_json(in, shapes::room_only, some_unsubscribe, parse_unsubscribe,
                      encode_unsubscribe);
    case 11:
      return try_json(in, shapes::subscribed, some_subscribed, parse_subscribed, encode_subscribed);
    case 12:
      return try_json(in, shapes::receipt, some_receipt, parse_receipt, encode_receipt);
    case 13:
      return try_json(in, shapes::gap, some_gap, parse_gap, encode_gap);
    case 14:
      return try_json(in, shapes::room_only, some_presence_request, parse_presence_request,
                      encode_presence_request);
    case 15:
      return try_json(in, shapes::presence, some_presence, parse_presence, encode_presence);
    case 16:
      return try_json(in, shapes::error, some_error, parse_error, encode_error);
    default:
      return try_json(in, shapes::goaway, some_goaway, parse_goaway, encode_goaway);
  }
}

void try_body(input& in) {
  constexpr std::size_t first_json = 9;
  const auto front = in.byte();
  const std::size_t choice = front % 18;
  bool sound = false;
  if (choice >= first_json) {
    sound = try_control(choice, in);
  } else {
    const auto frame_bytes = min_frame_bytes + 7 * in.up_to(255);
    const auto more = front >= 128 ? some_run(in, 1030) : std::string{};
    std::string body{as_text(in.rest())};
    sound = try_binary(choice, as_bytes(body += more), frame_bytes);
  }
  sound_bodies[choice].count(sound);
}

}  // namespace

}  // namespace byssus::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  byssus::fuzz::input in{byssus::fuzz::view_of(data, size)};
  byssus::fuzz::try_body(in);
  return 0;
}
