#include "byssus/protocol/handshake.hpp"

#include "byssus/protocol/names.hpp"

#include "support/cuts.hpp"
#include "support/json_body.hpp"
#include "support/promise.hpp"
#include "support/reach.hpp"
#include "support/shapes.hpp"
#include <algorithm>

/// Hello and welcome: what is parsed encodes, and parses to the same value; a node's answer to any
/// hello is one that the client accepts, within what the node offers.
///
/// Input: a byte that says how the body of a hello or welcome is made (see `making`), then the body
/// or the choices for its fields. The node's offer follows from the body by chance.
namespace byssus::fuzz {

namespace {

using namespace protocol;
using std::chrono::milliseconds;

reach sound_hellos{"a sound hello"};
reach sound_welcomes{"a sound welcome"};
reach features_shared{"an answer with features in common"};
reach sessions_asked_for{"an answer to who would resume a session"};
reach heartbeats_as_wished{"a heartbeat as it was asked for"};
reach heartbeats_shortened{"a heartbeat shorter than was asked for"};
reach heartbeats_lengthened{"a heartbeat longer than was asked for"};

void count(const hello& greeting, const welcome& answer) {
  features_shared.count(!answer.features.empty());
  sessions_asked_for.count(greeting.resume.has_value());
  heartbeats_as_wished.count(answer.heartbeat == greeting.heartbeat);
  heartbeats_shortened.count(answer.heartbeat < greeting.heartbeat);
  heartbeats_lengthened.count(answer.heartbeat > greeting.heartbeat);
}

void expect_reason(const violation& broken) {
  const auto code = broken.code;
  promise(code == close_code::bad_json || code == close_code::json_too_deep ||
              code == close_code::json_too_large || code == close_code::bad_hello ||
              code == close_code::bad_name,
          "a body that is refused has one of its five codes");
  promise(!broken.reason.empty(), "a violation says why");
}

offer some_offer(byte_view input, const hello& greeting) {
  dice chance{input};
  offer node;
  for (const auto& feature : greeting.features) {
    if (chance.up_to(1) == 0 && std::ranges::find(node.features, feature) == node.features.end())
      node.features.insert(node.features.begin(), feature);
  }
  node.features.emplace_back("resume");
  node.shortest_heartbeat = milliseconds{10 + chance.up_to(5000)};
  node.longest_heartbeat = node.shortest_heartbeat + milliseconds{chance.up_to(60'000)};
  node.limits.frame_bytes = min_frame_bytes + chance.up_to(max_frame_bytes - min_frame_bytes);
  node.window.frames = 1 + chance.up_to(999'999);
  return node;
}

void expect_fair_answer(const hello& greeting, const offer& node) {
  const auto answer = negotiate(greeting, node);
  promise(answer.heartbeat >= node.shortest_heartbeat && answer.heartbeat <= node.longest_heartbeat,
          "the heartbeat is within the offer");
  promise(answer.heartbeat == greeting.heartbeat || answer.heartbeat == node.shortest_heartbeat ||
              answer.heartbeat == node.longest_heartbeat,
          "the heartbeat is the one asked for where the offer allows it");
  promise(answer.limits == node.limits && answer.window == node.window,
          "limits and window are the node's");
  promise(answer.name == greeting.name, "the client is called as it wishes");
  promise(!answer.resumed && answer.received == 0 && answer.reason.empty() == !greeting.resume,
          "a session that is not resumed is answered with a reason");
  auto shared = node.features;
  std::erase_if(shared, [&](const std::string& feature) {
    return std::ranges::find(greeting.features, feature) == greeting.features.end();
  });
  promise(answer.features == shared, "the features are those in common, in the order of the offer");
  const auto sent = encode_welcome(answer);
  promise(bool(sent), "an answer can be sent");
  const auto read = parse_welcome(sent.view().body);
  promise(read && *read == answer, "the client reads the answer as it was meant");
  count(greeting, answer);
}

void expect_sound(const hello& greeting) {
  promise(greeting.heartbeat >= min_heartbeat && greeting.heartbeat <= max_heartbeat,
          "a heartbeat is in its range");
  promise(greeting.features.size() <= max_features, "features are not too many");
  promise(greeting.name.empty() || is_valid_name(greeting.name), "a name is valid or absent");
  promise(greeting.window.frames >= 1 && greeting.window.frames <= 1'000'000 &&
              greeting.window.bytes >= 1024 && greeting.window.bytes <= (1u << 30),
          "a window is in its range");
}

void try_hello(byte_view body) {
  const auto greeting = parse_hello(body);
  if (!greeting)
    return expect_reason(greeting.error());
  sound_hellos.count();
  expect_sound(*greeting);
  const auto again = encode_hello(*greeting);
  promise(bool(again), "a hello that was parsed can be sent");
  const auto read = parse_hello(again.view().body);
  promise(read && *read == *greeting, "a hello is the same after encoding");
  expect_fair_answer(*greeting, some_offer(body, *greeting));
}

void try_welcome(byte_view body) {
  const auto answer = parse_welcome(body);
  if (!answer)
    return expect_reason(answer.error());
  sound_welcomes.count();
  const auto again = encode_welcome(*answer);
  promise(bool(again), "a welcome that was parsed can be sent");
  const auto read = parse_welcome(again.view().body);
  promise(read && *read == *answer, "a welcome is the same after encoding");
}

frame greet(input& in) {
  auto greeting = some_hello(in);
  greeting.features = some_texts(in);
  greeting.publisher = some_number(in);
  return encode_hello(greeting);
}

frame answer(input& in) {
  return encode_welcome(some_welcome(in));
}

std::string some_body(input& in) {
  const making made{in};
  return made.second() ? made.body(in, shapes::welcome, answer)
                       : made.body(in, shapes::hello, greet);
}

}  // namespace

}  // namespace byssus::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace byssus::fuzz;
  input in{view_of(data, size)};
  const auto body = some_body(in);
  try_hello(byssus::protocol::as_bytes(body));
  try_welcome(byssus::protocol::as_bytes(body));
  return 0;
}
