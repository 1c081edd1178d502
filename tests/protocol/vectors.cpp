#include "vectors.hpp"

#include "byssus/protocol/control.hpp"
#include "byssus/protocol/handshake.hpp"
#include "byssus/protocol/payload.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

namespace byssus::protocol {

// Found by nlohmann through argument-dependent lookup, so they stand in the namespace of the
// structs.

using nlohmann::json;
using vectors::to_hex;

namespace {

std::string hex_of(byte_view bytes) {
  return to_hex(bytes);
}

position position_in(const json& in) {
  return {in.at("epoch"), in.at("offset")};
}
std::string text_or_empty(const json& in, const char* key) {
  return in.value(key, std::string{});
}

}  // namespace

void to_json(json& out, const window& in) {
  out = {{"frames", in.frames}, {"bytes", in.bytes}};
}
void from_json(const json& in, window& out) {
  out = {in.at("frames"), in.at("bytes")};
}

void to_json(json& out, const hello& in) {
  out = {{"features", in.features},
         {"heartbeat", in.heartbeat.count()},
         {"publisher", in.publisher},
         {"name", in.name},
         {"window", in.window}};
  if (in.resume) {
    out["resume"] = {{"token", in.resume->token},
                     {"received", in.resume->received},
                     {"attempt", in.resume->attempt}};
  }
}

void from_json(const json& in, hello& out) {
  out.features = in.at("features").get<std::vector<std::string>>();
  out.heartbeat = std::chrono::milliseconds{in.at("heartbeat").get<int>()};
  out.publisher = in.at("publisher");
  out.name = in.at("name");
  out.window = in.value("window", window{});
  if (in.contains("resume")) {
    const auto& resume = in.at("resume");
    out.resume = resume_request{resume.at("token"), resume.at("received"), resume.at("attempt")};
  }
}

void to_json(json& out, const welcome& in) {
  out = {{"features", in.features},
         {"heartbeat", in.heartbeat.count()},
         {"limits",
          {{"frame_bytes", in.limits.frame_bytes}, {"message_bytes", in.limits.message_bytes}}},
         {"window", in.window},
         {"name", in.name},
         {"session", in.session},
         {"resumed", in.resumed},
         {"received", in.received},
         {"reason", in.reason}};
}

void from_json(const json& in, welcome& out) {
  out.features = in.at("features").get<std::vector<std::string>>();
  out.heartbeat = std::chrono::milliseconds{in.at("heartbeat").get<int>()};
  out.limits = {in.at("limits").at("frame_bytes"), in.at("limits").at("message_bytes")};
  out.window = in.at("window");
  out.name = in.at("name");
  out.session = in.at("session");
  out.resumed = in.at("resumed");
  out.received = in.at("received");
  out.reason = in.at("reason");
}

void to_json(json& out, const ping_body& in) {
  out = {{"nonce", in.nonce}, {"received", in.received}};
}
void from_json(const json& in, ping_body& out) {
  out = {in.at("nonce"), in.at("received")};
}

void to_json(json& out, const close_body& in) {
  out = {{"code", static_cast<std::uint16_t>(in.code)}, {"reason", in.reason}};
}

void to_json(json& out, const goaway& in) {
  out = {{"code", static_cast<std::uint16_t>(in.code)},
         {"return_window", in.return_window.count()},
         {"endpoints", in.endpoints},
         {"resumable", in.resumable}};
}

void from_json(const json& in, goaway& out) {
  out.code = close_code{in.at("code").get<std::uint16_t>()};
  out.return_window = std::chrono::milliseconds{in.at("return_window").get<int>()};
  out.endpoints = in.at("endpoints").get<std::vector<std::string>>();
  out.resumable = in.at("resumable");
}

void to_json(json& out, const position& in) {
  out = {{"epoch", in.epoch}, {"offset", in.offset}};
}

void to_json(json& out, const subscribe& in) {
  out = json{{"room", in.room}};
  if (in.since) {
    out["since"] = *in.since;
  }
}

void from_json(const json& in, subscribe& out) {
  out.room = in.at("room");
  if (in.contains("since")) {
    out.since = position_in(in.at("since"));
  }
}

void to_json(json& out, const unsubscribe& in) {
  out = json{{"room", in.room}};
}
void from_json(const json& in, unsubscribe& out) {
  out.room = in.at("room");
}

void to_json(json& out, const subscribed& in) {
  out = in.at;
  out["room"] = in.room;
}
void from_json(const json& in, subscribed& out) {
  out = {in.at("room"), position_in(in)};
}

void to_json(json& out, const receipt& in) {
  out = in.at;
  out["room"] = in.room;
  out["number"] = in.number;
}
void from_json(const json& in, receipt& out) {
  out = {in.at("number"), in.at("room"), position_in(in)};
}

void to_json(json& out, const gap& in) {
  out = {{"room", in.room}, {"from", in.from}, {"to", in.to}, {"reason", in.reason}};
}
void from_json(const json& in, gap& out) {
  out = {in.at("room"), in.at("from"), in.at("to"), in.at("reason")};
}

void to_json(json& out, const presence_request& in) {
  out = json{{"room", in.room}};
}
void from_json(const json& in, presence_request& out) {
  out.room = in.at("room");
}

void to_json(json& out, const presence& in) {
  out = {{"room", in.room}, {"count", in.count}, {"names", in.names}};
}
void from_json(const json& in, presence& out) {
  out = {in.at("room"), in.at("count"), in.at("names").get<std::vector<std::string>>()};
}

void to_json(json& out, const request_error& in) {
  out = {{"about", in.about}, {"code", in.code}, {"reason", in.reason}};
  if (in.number != 0) {
    out["number"] = in.number;
  }
  if (!in.room.empty()) {
    out["room"] = in.room;
  }
}

void from_json(const json& in, request_error& out) {
  out = {in.at("about"), in.value("number", std::uint64_t{0}), text_or_empty(in, "room"),
         in.at("code"), in.at("reason")};
}

void to_json(json& out, const publish_view& in) {
  out = {{"publisher", in.publisher},
         {"number", in.number},
         {"kind", in.kind},
         {"room", in.room},
         {"payload", hex_of(in.payload)}};
}

void to_json(json& out, const message_view& in) {
  out = {{"offset", in.offset},
         {"kind", in.kind},
         {"room", in.room},
         {"sender", in.sender},
         {"payload", hex_of(in.payload)}};
}

void to_json(json& out, const direct_view& in) {
  out = {{"kind", in.kind}, {"name", in.name}, {"payload", hex_of(in.payload)}};
}

void to_json(json& out, const call_view& in) {
  out = {{"id", in.id}, {"kind", in.kind}, {"name", in.name}, {"payload", hex_of(in.payload)}};
}

void to_json(json& out, const reply_view& in) {
  out = {{"id", in.id}, {"kind", in.kind}, {"payload", hex_of(in.payload)}};
}

namespace vectors {

namespace {

template <class T>
result<json> to_fields(result<T> parsed) {
  if (!parsed) {
    return std::move(parsed).error();
  }
  return json(*std::move(parsed));
}

/// Encodes the types whose structs are views; the text and bytes they point to live in `in` and
/// `payload`.
frame encode_view(frame_type type, const json& in) {
  const auto payload = from_hex(in.at("payload").get<std::string>());
  const auto kind = in.at("kind").get<content_kind>();
  const auto text = [&in](const char* key) { return in.at(key).get<std::string_view>(); };
  switch (type) {
    case frame_type::publish:
      return encode_publish({in.at("publisher"), in.at("number"), kind, text("room"), payload});
    case frame_type::message:
      return encode_message({in.at("offset"), kind, text("room"), text("sender"), payload});
    case frame_type::direct:
      return encode_direct({kind, text("name"), payload});
    case frame_type::call:
      return encode_call({in.at("id"), kind, text("name"), payload});
    default:
      return encode_reply({in.at("id"), kind, payload});
  }
}

frame_type type_named(std::string_view wanted) {
  for (unsigned number = 0; number < 256; ++number) {
    if (const auto type = frame_type{static_cast<std::uint8_t>(number)}; name(type) == wanted) {
      return type;
    }
  }
  return {};
}

}  // namespace

std::vector<json> load(std::string_view key) {
  std::vector<json> all;
  for (const auto& file :
       std::filesystem::directory_iterator{std::filesystem::path{BYSSUS_TEST_FOLDER} / "vectors"}) {
    std::ifstream stream{file.path()};
    const auto content = json::parse(stream);
    if (const auto items = content.find(key); items != content.end()) {
      all.insert(all.end(), items->begin(), items->end());
    }
  }
  return all;
}

std::vector<std::byte> from_hex(std::string_view hex) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(std::byte(std::stoul(std::string{hex.substr(i, 2)}, nullptr, 16)));
  }
  return bytes;
}

std::string to_hex(byte_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const auto byte : bytes) {
    hex += digits[std::to_integer<std::size_t>(byte >> 4)];
    hex += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return hex;
}

result<json> parse(side sender, frame_type type, byte_view body) {
  switch (type) {
    case frame_type::hello:
      return to_fields(parse_hello(body));
    case frame_type::welcome:
      return to_fields(parse_welcome(body));
    case frame_type::ping:
      return to_fields(parse_ping(body));
    case frame_type::pong:
      return to_fields(parse_pong(body));
    case frame_type::ack: {
      const auto received = parse_ack(body);
      return received ? result<json>{json{{"received", *received}}}
                      : result<json>{received.error()};
    }
    case frame_type::goaway:
      return to_fields(parse_goaway(body));
    case frame_type::close:
      return to_fields(parse_close(body));
    case frame_type::subscribe:
      return to_fields(parse_subscribe(body));
    case frame_type::unsubscribe:
      return to_fields(parse_unsubscribe(body));
    case frame_type::subscribed:
      return to_fields(parse_subscribed(body));
    case frame_type::publish:
      return to_fields(parse_publish(body));
    case frame_type::receipt:
      return to_fields(parse_receipt(body));
    case frame_type::message:
      return to_fields(parse_message(body));
    case frame_type::direct:
      return to_fields(parse_direct(body));
    case frame_type::gap:
      return to_fields(parse_gap(body));
    case frame_type::call:
      return to_fields(parse_call(body));
    case frame_type::reply:
      return to_fields(parse_reply(body));
    case frame_type::error:
      return to_fields(parse_error(body));
    case frame_type::presence:
      return sender == side::client ? to_fields(parse_presence_request(body))
                                    : to_fields(parse_presence(body));
  }
  return json{};
}

frame encode(side sender, std::string_view type, const json& in) {
  const auto wanted = type_named(type);
  switch (wanted) {
    case frame_type::hello:
      return encode_hello(in.get<hello>());
    case frame_type::welcome:
      return encode_welcome(in.get<welcome>());
    case frame_type::ping:
      return encode_ping(in.get<ping_body>());
    case frame_type::pong:
      return encode_pong(in.get<ping_body>());
    case frame_type::ack:
      return encode_ack(in.at("received"));
    case frame_type::goaway:
      return encode_goaway(in.get<goaway>());
    case frame_type::close:
      return encode_close(close_code{in.at("code").get<std::uint16_t>()},
                          in.at("reason").get<std::string_view>());
    case frame_type::subscribe:
      return encode_subscribe(in.get<subscribe>());
    case frame_type::unsubscribe:
      return encode_unsubscribe(in.get<unsubscribe>());
    case frame_type::subscribed:
      return encode_subscribed(in.get<subscribed>());
    case frame_type::receipt:
      return encode_receipt(in.get<receipt>());
    case frame_type::gap:
      return encode_gap(in.get<gap>());
    case frame_type::error:
      return encode_error(in.get<request_error>());
    case frame_type::presence:
      return sender == side::client ? encode_presence_request(in.get<presence_request>())
                                    : encode_presence(in.get<presence>());
    default:
      return encode_view(wanted, in);
  }
}

}  // namespace vectors

}  // namespace byssus::protocol
