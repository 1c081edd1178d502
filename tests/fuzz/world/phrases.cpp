#include "phrases.hpp"

#include "byssus/protocol/control.hpp"
#include "byssus/protocol/handshake.hpp"

#include "runtime/door/raw_client.hpp"
#include "support/choices.hpp"

namespace byssus::fuzz {

namespace {

using namespace protocol;
using testing::frame_of;
using testing::header;

std::string bytes_of(const frame& encoded) {
  return std::string{as_text(encoded.bytes())};
}

/// A JSON body about a room, also where the encoder would refuse the name.
std::string about_room(frame_type type, input& in) {
  return frame_of(type, R"({"room":")" + some_name(in) + "\"}");
}

std::string some_publish(input& in, std::uint8_t flags) {
  const auto room = some_name(in);
  const auto text = in.text();
  const auto sound = encode_publish({in.number() & max_number, in.number() & max_number,
                                     content_kind{in.byte()}, room, as_bytes(text)});
  if (!sound)
    return frame_of(frame_type::publish, text);
  const auto body = as_text(sound.view().body);
  return header(static_cast<std::uint32_t>(body.size()),
                static_cast<std::uint8_t>(frame_type::publish), flags)
      .append(body);
}

std::string some_since(input& in) {
  return bytes_of(encode_subscribe({"den", position{in.number() & max_number, in.byte()}}));
}

// The choices one by one: arguments have no order.

std::string some_close(input& in) {
  const close_code code{static_cast<std::uint16_t>(4000 + in.byte())};
  return bytes_of(encode_close(code, in.text()));
}

std::string some_header(input& in) {
  const auto body_bytes = static_cast<std::uint32_t>(in.number());
  const auto type = in.byte();
  return header(body_bytes, type, in.byte());
}

std::string some_unknown(input& in) {
  constexpr std::uint8_t types[] = {0x41, 0xc8, 0xff, 0x3f, 0x99, 0x00, 0x89};
  const frame_type type{in.one_of(types)};
  return frame_of(type, in.text());
}

std::string some_known(input& in) {
  constexpr frame_type types[] = {frame_type::hello,  frame_type::welcome,  frame_type::goaway,
                                  frame_type::direct, frame_type::receipt,  frame_type::message,
                                  frame_type::call,   frame_type::reply,    frame_type::error,
                                  frame_type::gap,    frame_type::presence, frame_type::subscribed};
  const auto type = in.one_of(types);
  return frame_of(type, in.text());
}

}  // namespace

std::string some_greeting(input& in) {
  return bytes_of(encode_preface()) + bytes_of(encode_hello(some_hello(in)));
}

std::string some_frame(input& in) {
  switch (in.up_to(13)) {
    case 0:
      return about_room(frame_type::subscribe, in);
    case 1:
      return about_room(frame_type::unsubscribe, in);
    case 2:
      return about_room(frame_type::presence, in);
    case 3:
      return some_publish(in, 0);
    case 4:
      return some_publish(in, flag_more);
    case 5:
      return frame_of(frame_type::publish, in.text());
    case 6:
      return bytes_of(encode_ping({in.number() & max_number, in.up_to(40)}));
    case 7:
      return bytes_of(encode_pong({in.number() & max_number, in.up_to(40)}));
    case 8:
      return bytes_of(encode_ack(in.up_to(255)));
    case 9:
      return some_close(in);
    case 10:
      return some_since(in);
    case 11:
      return some_unknown(in);
    case 12:
      return some_header(in);
    default:
      return some_known(in);
  }
}

std::string some_spoilt_frame(input& in) {
  return spoilt(some_frame(in), in);
}

std::string some_words(input& in) {
  const std::string said[] = {"ping",
                              "pingping",
                              "ping\r\n",
                              "\n",
                              "pi",
                              "ng",
                              "hello\n",
                              "GET ",
                              std::string{"\xf5"} + "BY",
                              "\x16\x03\x01",
                              std::string(4096, 'x')};
  return in.one_of(said);
}

}  // namespace byssus::fuzz
