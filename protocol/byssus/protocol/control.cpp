#include "byssus/protocol/control.hpp"

#include "byssus/protocol/detail/json_body.hpp"
#include "byssus/protocol/names.hpp"

#include <algorithm>

namespace byssus::protocol {

namespace {

using detail::fields;
using detail::json;

constexpr std::size_t max_word_bytes = 64;

position read_position(fields& in) {
  return {in.number("epoch", 0, max_number), in.number("offset", 0, max_number)};
}

subscribe read_subscribe(fields& in) {
  subscribe request{.room = in.name("room"), .since = std::nullopt};
  if (in.has("since")) {
    auto since = in.inner("since");
    request.since = read_position(since);
    in.adopt(since);
  }
  return request;
}

unsubscribe read_unsubscribe(fields& in) {
  return unsubscribe{in.name("room")};
}

subscribed read_subscribed(fields& in) {
  return subscribed{in.name("room"), read_position(in)};
}

receipt read_receipt(fields& in) {
  return receipt{in.number("number", 0, max_number), in.name("room"), read_position(in)};
}

gap read_gap(fields& in) {
  gap loss;
  loss.room = in.name("room");
  loss.from = in.number("from", 0, max_number);
  loss.to = in.number("to", loss.from, max_number);
  loss.reason = in.remark("reason", max_reason_bytes);
  return loss;
}

presence_request read_presence_request(fields& in) {
  return presence_request{in.name("room")};
}

presence read_presence(fields& in) {
  return presence{in.name("room"), in.number("count", 0, max_number),
                  in.names("names", max_presence_names)};
}

request_error read_error(fields& in) {
  request_error failure;
  failure.about = in.word("about", max_word_bytes);
  failure.number = in.has("number") ? in.number("number", 0, max_number) : 0;
  failure.room = in.has("room") ? in.name("room") : "";
  failure.code = in.word("code", max_word_bytes);
  failure.reason = in.remark("reason", max_reason_bytes);
  return failure;
}

goaway read_goaway(fields& in) {
  goaway farewell;
  farewell.code =
      close_code{static_cast<std::uint16_t>(in.number("code", first_close_code, last_close_code))};
  const auto longest = static_cast<std::uint64_t>(max_return_window.count());
  farewell.return_window = std::chrono::milliseconds{in.number("return_window", 0, longest)};
  farewell.endpoints = in.names("endpoints", max_endpoints);
  farewell.resumable = in.truth("resumable");
  return farewell;
}

std::vector<std::string> first_of(const std::vector<std::string>& list, std::size_t most) {
  const auto count = static_cast<std::ptrdiff_t>(std::min(list.size(), most));
  return {list.begin(), list.begin() + count};
}

}  // namespace

frame encode_subscribe(const subscribe& request) {
  json object{{"room", request.room}};
  if (request.since) {
    object["since"] = {{"epoch", request.since->epoch}, {"offset", request.since->offset}};
  }
  return detail::encode_fields(frame_type::subscribe, object, read_subscribe);
}

frame encode_unsubscribe(const unsubscribe& request) {
  return detail::encode_fields(frame_type::unsubscribe, {{"room", request.room}}, read_unsubscribe);
}

frame encode_subscribed(const subscribed& answer) {
  return detail::encode_fields(
      frame_type::subscribed,
      {{"epoch", answer.at.epoch}, {"offset", answer.at.offset}, {"room", answer.room}},
      read_subscribed);
}

frame encode_receipt(const receipt& answer) {
  return detail::encode_fields(frame_type::receipt,
                               {{"epoch", answer.at.epoch},
                                {"number", answer.number},
                                {"offset", answer.at.offset},
                                {"room", answer.room}},
                               read_receipt);
}

frame encode_gap(const gap& loss) {
  return detail::encode_fields(frame_type::gap,
                               {{"from", loss.from},
                                {"reason", one_line(loss.reason, max_reason_bytes)},
                                {"room", loss.room},
                                {"to", loss.to}},
                               read_gap);
}

frame encode_presence_request(const presence_request& request) {
  return detail::encode_fields(frame_type::presence, {{"room", request.room}},
                               read_presence_request);
}

frame encode_presence(const presence& answer) {
  return detail::encode_fields(frame_type::presence,
                               {{"count", answer.count},
                                {"names", first_of(answer.names, max_presence_names)},
                                {"room", answer.room}},
                               read_presence);
}

frame encode_error(const request_error& failure) {
  json object{{"about", failure.about},
              {"code", failure.code},
              {"reason", one_line(failure.reason, max_reason_bytes)}};
  if (failure.number != 0) {
    object["number"] = failure.number;
  }
  if (!failure.room.empty()) {
    object["room"] = failure.room;
  }
  return detail::encode_fields(frame_type::error, object, read_error);
}

frame encode_goaway(const goaway& farewell) {
  return detail::encode_fields(
      frame_type::goaway,
      {{"code", static_cast<std::uint16_t>(farewell.code)},
       {"endpoints", first_of(farewell.endpoints, max_endpoints)},
       {"resumable", farewell.resumable},
       {"return_window", static_cast<std::uint64_t>(farewell.return_window.count())}},
      read_goaway);
}

result<subscribe> parse_subscribe(byte_view body) {
  return detail::parse_fields(body, close_code::bad_body, read_subscribe);
}

result<unsubscribe> parse_unsubscribe(byte_view body) {
  return detail::parse_fields(body, close_code::bad_body, read_unsubscribe);
}

result<subscribed> parse_subscribed(byte_view body) {
  return detail::parse_fields(body, close_code::bad_body, read_subscribed);
}

result<receipt> parse_receipt(byte_view body) {
  return detail::parse_fields(body, close_code::bad_body, read_receipt);
}

result<gap> parse_gap(byte_view body) {
  return detail::parse_fields(body, close_code::bad_body, read_gap);
}

result<presence_request> parse_presence_request(byte_view body) {
  return detail::parse_fields(body, close_code::bad_body, read_presence_request);
}

result<presence> parse_presence(byte_view body) {
  return detail::parse_fields(body, close_code::bad_body, read_presence);
}

result<request_error> parse_error(byte_view body) {
  return detail::parse_fields(body, close_code::bad_body, read_error);
}

result<goaway> parse_goaway(byte_view body) {
  return detail::parse_fields(body, close_code::bad_body, read_goaway);
}

}  // namespace byssus::protocol
