#include "byssus/protocol/payload.hpp"

#include "byssus/protocol/detail/heads.hpp"
#include "byssus/protocol/names.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace byssus::protocol {

namespace {

using detail::reader;
using detail::writer;

/// Of the whole frame; 0 if a field is out of range, or it would be too long.
template <class View>
std::size_t frame_bytes_of(const View& view) {
  const auto bytes = header_bytes + detail::head_bytes(view) + view.payload.size();
  return detail::flaw_in_head(view) || bytes > max_frame_bytes ? 0 : bytes;
}

template <class View>
void write_body(writer& out, const View& view) {
  detail::write_head(out, view);
  out.bytes(view.payload);
}

template <class View>
frame encode(const View& view) {
  const auto bytes = frame_bytes_of(view);
  if (bytes == 0) {
    return {};
  }
  return frame::make(detail::type_of(view), 0, bytes - header_bytes,
                     [&view](std::span<std::byte> space) {
                       writer out{space};
                       write_body(out, view);
                     });
}

template <class View>
std::size_t encode_into(std::span<std::byte> space, const View& view) {
  const auto bytes = frame_bytes_of(view);
  if (bytes == 0 || bytes > space.size()) {
    return 0;
  }
  writer out{space};
  detail::write_header(out, detail::type_of(view), 0, bytes - header_bytes);
  write_body(out, view);
  return bytes;
}

violation cut_short(frame_type type) {
  return {close_code::bad_body, std::string{name(type)} + " is shorter than its fields"};
}

template <class View>
result<View> checked(const reader& in, const View& view) {
  if (!in.ok()) {
    return cut_short(detail::type_of(view));
  }
  if (auto flaw = detail::flaw_in_head(view)) {
    return *std::move(flaw);
  }
  return view;
}

content_kind read_kind(reader& in) noexcept {
  return content_kind{in.number<std::uint8_t>()};
}

frame encode_numbers(frame_type type, std::initializer_list<std::uint64_t> numbers) {
  if (std::ranges::any_of(numbers, [](auto number) { return number > max_number; })) {
    return {};
  }
  return frame::make(type, 0, 8 * numbers.size(), [numbers](std::span<std::byte> space) {
    writer out{space};
    for (const auto number : numbers) {
      out.number<std::uint64_t>(number);
    }
  });
}

template <std::size_t Count>
result<std::array<std::uint64_t, Count>> parse_numbers(frame_type type, byte_view body) {
  if (body.size() != 8 * Count) {
    return violation{close_code::bad_body, std::string{name(type)} + " has " +
                                               std::to_string(body.size()) + " bytes instead of " +
                                               std::to_string(8 * Count)};
  }
  std::array<std::uint64_t, Count> numbers{};
  reader in{body};
  for (auto& number : numbers) {
    number = in.number<std::uint64_t>();
    if (number > max_number) {
      return violation{close_code::bad_body,
                       "a number of " + std::string{name(type)} + " is above 2^53-1"};
    }
  }
  return numbers;
}

result<ping_body> parse_ping_body(frame_type type, byte_view body) {
  auto numbers = parse_numbers<2>(type, body);
  if (!numbers) {
    return std::move(numbers).error();
  }
  return ping_body{(*numbers)[0], (*numbers)[1]};
}

}  // namespace

frame encode_publish(const publish_view& publish) {
  return encode(publish);
}
frame encode_message(const message_view& message) {
  return encode(message);
}
frame encode_direct(const direct_view& direct) {
  return encode(direct);
}
frame encode_call(const call_view& call) {
  return encode(call);
}
frame encode_reply(const reply_view& reply) {
  return encode(reply);
}

std::size_t encode_reply_into(std::span<std::byte> space, const reply_view& reply) {
  return encode_into(space, reply);
}

result<publish_view> parse_publish(byte_view body) {
  reader in{body};
  publish_view publish;
  publish.publisher = in.number<std::uint64_t>();
  publish.number = in.number<std::uint64_t>();
  publish.kind = read_kind(in);
  publish.room = in.short_text();
  publish.payload = in.rest();
  return checked(in, publish);
}

result<message_view> parse_message(byte_view body) {
  reader in{body};
  message_view message;
  message.offset = in.number<std::uint64_t>();
  message.kind = read_kind(in);
  message.room = in.short_text();
  message.sender = in.short_text();
  message.payload = in.rest();
  return checked(in, message);
}

result<direct_view> parse_direct(byte_view body) {
  reader in{body};
  direct_view direct;
  direct.kind = read_kind(in);
  direct.name = in.short_text();
  direct.payload = in.rest();
  return checked(in, direct);
}

result<call_view> parse_call(byte_view body) {
  reader in{body};
  call_view call;
  call.id = in.number<std::uint64_t>();
  call.kind = read_kind(in);
  call.name = in.short_text();
  call.payload = in.rest();
  return checked(in, call);
}

result<reply_view> parse_reply(byte_view body) {
  reader in{body};
  reply_view reply;
  reply.id = in.number<std::uint64_t>();
  reply.kind = read_kind(in);
  reply.payload = in.rest();
  return checked(in, reply);
}

frame encode_ping(ping_body ping) {
  return encode_numbers(frame_type::ping, {ping.nonce, ping.received});
}

frame encode_pong(ping_body pong) {
  return encode_numbers(frame_type::pong, {pong.nonce, pong.received});
}

result<ping_body> parse_ping(byte_view body) {
  return parse_ping_body(frame_type::ping, body);
}
result<ping_body> parse_pong(byte_view body) {
  return parse_ping_body(frame_type::pong, body);
}

frame encode_ack(std::uint64_t received) {
  return encode_numbers(frame_type::ack, {received});
}

result<std::uint64_t> parse_ack(byte_view body) {
  auto numbers = parse_numbers<1>(frame_type::ack, body);
  if (!numbers) {
    return std::move(numbers).error();
  }
  return numbers->front();
}

frame encode_close(close_code code, std::string_view reason) {
  const auto line = one_line(reason, max_close_reason_bytes);
  return frame::make(frame_type::close, 0, 2 + line.size(), [&](std::span<std::byte> space) {
    writer out{space};
    out.number<std::uint16_t>(static_cast<std::uint16_t>(code));
    out.bytes(as_bytes(line));
  });
}

result<close_body> parse_close(byte_view body) {
  reader in{body};
  const auto code = in.number<std::uint16_t>();
  if (!in.ok()) {
    return cut_short(frame_type::close);
  }
  if (code < first_close_code || code > last_close_code) {
    return violation{close_code::bad_body, "close code " + std::to_string(code)};
  }
  return close_body{close_code{code}, one_line(as_text(in.rest()), max_close_reason_bytes)};
}

}  // namespace byssus::protocol
