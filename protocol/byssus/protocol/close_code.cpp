#include "byssus/protocol/close_code.hpp"

namespace byssus::protocol {

std::string_view name(close_code code) noexcept {
  switch (code) {
    case close_code::going_away:
      return "going_away";
    case close_code::slow_consumer:
      return "slow_consumer";
    case close_code::heartbeat_timeout:
      return "heartbeat_timeout";
    case close_code::hello_timeout:
      return "hello_timeout";
    case close_code::frame_timeout:
      return "frame_timeout";
    case close_code::internal_error:
      return "internal_error";
    case close_code::overloaded:
      return "overloaded";
    case close_code::rate_limited:
      return "rate_limited";
    case close_code::protocol_error:
      return "protocol_error";
    case close_code::unknown_type:
      return "unknown_type";
    case close_code::frame_too_large:
      return "frame_too_large";
    case close_code::bad_preface:
      return "bad_preface";
    case close_code::unsupported_version:
      return "unsupported_version";
    case close_code::bad_hello:
      return "bad_hello";
    case close_code::bad_json:
      return "bad_json";
    case close_code::json_too_deep:
      return "json_too_deep";
    case close_code::json_too_large:
      return "json_too_large";
    case close_code::bad_body:
      return "bad_body";
    case close_code::bad_name:
      return "bad_name";
    case close_code::unauthorized:
      return "unauthorized";
    case close_code::ping_flood:
      return "ping_flood";
    case close_code::message_too_large:
      return "message_too_large";
    case close_code::window_exceeded:
      return "window_exceeded";
    case close_code::bad_count:
      return "bad_count";
    case close_code::superseded:
      return "superseded";
    case close_code::expelled:
      return "expelled";
  }
  return "unknown";
}

std::string_view sentence(close_code code) noexcept {
  switch (code) {
    case close_code::going_away:
      return "The other end stops or leaves.";
    case close_code::slow_consumer:
      return "This end reads too slowly for what is sent to it.";
    case close_code::heartbeat_timeout:
      return "Nothing was heard within the time that the heartbeat allows.";
    case close_code::hello_timeout:
      return "The handshake was not complete in time.";
    case close_code::frame_timeout:
      return "A frame or message began and was not complete in time.";
    case close_code::internal_error:
      return "The other end failed for a reason of its own.";
    case close_code::overloaded:
      return "The node has as many connections as it allows.";
    case close_code::rate_limited:
      return "This end asks more often than the node allows.";
    case close_code::protocol_error:
      return "A frame came that is not allowed here, now, or with these flags.";
    case close_code::unknown_type:
      return "A frame came whose type is unknown and may not be ignored.";
    case close_code::frame_too_large:
      return "A frame or line came that is longer than its limit.";
    case close_code::bad_preface:
      return "The connection began like Byssus and did not go on so.";
    case close_code::unsupported_version:
      return "The node does not speak this version of the protocol.";
    case close_code::bad_hello:
      return "Hello or welcome lacks a field, or a field is out of range.";
    case close_code::bad_json:
      return "A control body is not a JSON object in UTF-8.";
    case close_code::json_too_deep:
      return "A control body nests too deep.";
    case close_code::json_too_large:
      return "A control body is too long.";
    case close_code::bad_body:
      return "A body lacks a field, or a field has the wrong type or range.";
    case close_code::bad_name:
      return "The name of a room or client is not valid.";
    case close_code::unauthorized:
      return "The node does not admit this client.";
    case close_code::ping_flood:
      return "Pings came much faster than was agreed.";
    case close_code::message_too_large:
      return "A message came that is longer than was agreed.";
    case close_code::window_exceeded:
      return "More was in flight than the window allows.";
    case close_code::bad_count:
      return "Frames were acknowledged that were never sent.";
    case close_code::superseded:
      return "A newer connection has taken over the session.";
    case close_code::expelled:
      return "The node has ended this client's stay.";
  }
  return "The other end gave a code that this version does not know.";
}

}  // namespace byssus::protocol
