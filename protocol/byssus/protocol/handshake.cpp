#include "byssus/protocol/handshake.hpp"

#include "byssus/protocol/detail/json_body.hpp"
#include "byssus/protocol/names.hpp"

#include <algorithm>

namespace byssus::protocol {

namespace {

using detail::fields;
using detail::json;

constexpr std::uint64_t max_window_frames = 1'000'000;
constexpr std::uint64_t max_window_bytes = std::uint64_t{1} << 30;
constexpr std::uint64_t min_window_bytes = 1024;
constexpr std::string_view feature_marks = ".-";

json to_json(const window& space) {
  return {{"bytes", space.bytes}, {"frames", space.frames}};
}

window read_window(fields& in) {
  auto inner = in.inner("window");
  const window space{.frames = inner.number("frames", 1, max_window_frames),
                     .bytes = inner.number("bytes", min_window_bytes, max_window_bytes)};
  in.adopt(inner);
  return space;
}

limits read_limits(fields& in) {
  auto inner = in.inner("limits");
  const limits sizes{
      .frame_bytes = inner.number("frame_bytes", min_frame_bytes, max_frame_bytes),
      .message_bytes = inner.number("message_bytes", min_window_bytes, max_window_bytes)};
  in.adopt(inner);
  return sizes;
}

resume_request read_resume(fields& in) {
  auto inner = in.inner("resume");
  resume_request request{.token = inner.token("token", max_token_bytes),
                         .received = inner.number("received", 0, max_number),
                         .attempt = inner.number("attempt", 1, max_number)};
  in.adopt(inner);
  return request;
}

std::vector<std::string> read_features(fields& in) {
  return in.words("features", max_features, max_feature_bytes, feature_marks);
}

std::chrono::milliseconds read_heartbeat(fields& in) {
  const auto least = static_cast<std::uint64_t>(min_heartbeat.count());
  const auto most = static_cast<std::uint64_t>(max_heartbeat.count());
  return std::chrono::milliseconds{in.number("heartbeat", least, most)};
}

hello read_hello(fields& in) {
  hello greeting;
  greeting.features = read_features(in);
  greeting.heartbeat = read_heartbeat(in);
  greeting.publisher = in.number("publisher", 0, max_number);
  greeting.name = in.name_or_empty("name");
  if (in.has("window")) {
    greeting.window = read_window(in);
  }
  if (in.has("resume")) {
    greeting.resume = read_resume(in);
  }
  return greeting;
}

welcome read_welcome(fields& in) {
  welcome answer;
  answer.features = read_features(in);
  answer.heartbeat = read_heartbeat(in);
  answer.limits = read_limits(in);
  answer.window = read_window(in);
  answer.name = in.name_or_empty("name");
  answer.session = in.token("session", max_token_bytes);
  answer.resumed = in.truth("resumed");
  answer.received = in.number("received", 0, max_number);
  answer.reason = in.remark("reason", max_reason_bytes);
  return answer;
}

}  // namespace

frame encode_preface() {
  return frame::raw(preface);
}

frame encode_hello(const hello& greeting) {
  json object{{"features", greeting.features},
              {"heartbeat", static_cast<std::uint64_t>(greeting.heartbeat.count())},
              {"name", greeting.name},
              {"publisher", greeting.publisher},
              {"window", to_json(greeting.window)}};
  if (greeting.resume) {
    object["resume"] = {{"attempt", greeting.resume->attempt},
                        {"received", greeting.resume->received},
                        {"token", greeting.resume->token}};
  }
  return detail::encode_fields(frame_type::hello, object, read_hello);
}

frame encode_welcome(const welcome& answer) {
  const json object{{"features", answer.features},
                    {"heartbeat", static_cast<std::uint64_t>(answer.heartbeat.count())},
                    {"limits",
                     {{"frame_bytes", answer.limits.frame_bytes},
                      {"message_bytes", answer.limits.message_bytes}}},
                    {"name", answer.name},
                    {"reason", one_line(answer.reason, max_reason_bytes)},
                    {"received", answer.received},
                    {"resumed", answer.resumed},
                    {"session", answer.session},
                    {"window", to_json(answer.window)}};
  return detail::encode_fields(frame_type::welcome, object, read_welcome);
}

result<hello> parse_hello(byte_view body) {
  return detail::parse_fields(body, close_code::bad_hello, read_hello);
}

result<welcome> parse_welcome(byte_view body) {
  return detail::parse_fields(body, close_code::bad_hello, read_welcome);
}

welcome negotiate(const hello& greeting, const offer& node) {
  welcome answer;
  for (const auto& feature : node.features) {
    if (std::ranges::find(greeting.features, feature) != greeting.features.end()) {
      answer.features.push_back(feature);
    }
  }
  answer.heartbeat =
      std::clamp(greeting.heartbeat, node.shortest_heartbeat, node.longest_heartbeat);
  answer.limits = node.limits;
  answer.window = node.window;
  answer.name = greeting.name;
  if (greeting.resume) {
    answer.reason = "session unknown";
  }
  return answer;
}

}  // namespace byssus::protocol
