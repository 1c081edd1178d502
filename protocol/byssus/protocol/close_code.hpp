#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace byssus::protocol {

/// Why a connection ends, as the `close` frame says it. The numbers are part of the wire and never
/// change their meaning. 4000–4499: a client may dial again, with back-off. 4500–4999: dialling
/// again would end the same way. All are legal as WebSocket close codes, too (RFC 6455,
/// section 7.4.2).
enum class close_code : std::uint16_t {
  // Retryable.
  going_away = 4000,         ///< The sender leaves: a node stops, a client ends its link.
  slow_consumer = 4001,      ///< The receiver reads so slowly that the sender's queue is full.
  heartbeat_timeout = 4002,  ///< Nothing came within the time that the heartbeat allows.
  hello_timeout = 4003,      ///< The handshake was not complete in time.
  frame_timeout = 4004,      ///< A frame or message began and was not complete in time.
  internal_error = 4005,     ///< The sender failed for a reason of its own.
  overloaded = 4006,         ///< The node has as many connections as it allows.
  rate_limited = 4007,       ///< The peer asks more often than the node allows.

  // Terminal.
  protocol_error = 4500,       ///< A frame that is not allowed here, now, or with these flags.
  unknown_type = 4501,         ///< A frame type that the receiver does not know and may not ignore.
  frame_too_large = 4502,      ///< A frame or plain line longer than its limit.
  bad_preface = 4503,          ///< The first byte was Byssus's, the rest of the preface was not.
  unsupported_version = 4504,  ///< The preface names a version that the node does not speak.
  bad_hello = 4505,            ///< Hello or welcome lacks a field, or a field is out of range.
  bad_json = 4506,             ///< A control body is not JSON in UTF-8, or not an object.
  json_too_deep = 4507,        ///< A control body nests deeper than `max_json_depth`.
  json_too_large = 4508,       ///< A control body is longer than `max_json_bytes`.
  bad_body = 4509,             ///< A body lacks a field, or a field has the wrong type or range.
  bad_name = 4510,             ///< A room's or client's name breaks the rules of `names.hpp`.
  unauthorized = 4511,         ///< The node does not admit this client.
  ping_flood = 4512,           ///< Pings come many times faster than the heartbeat that was agreed.
  message_too_large = 4513,    ///< A message, all its frames together, is longer than agreed.
  window_exceeded = 4514,      ///< More counted frames or bytes in flight than the window allows.
  bad_count = 4515,            ///< An acknowledgement of frames that were never sent.
  superseded = 4516,           ///< A newer connection has taken this link's session.
  expelled = 4517,             ///< An operator or the node's app has shown this client the door.
};

/// The least code that there is; below, WebSocket has its own.
inline constexpr std::uint16_t first_close_code = 4000;
/// From here on nobody dials again.
inline constexpr std::uint16_t first_terminal_close_code = 4500;
/// The greatest that there will be.
inline constexpr std::uint16_t last_close_code = 4999;

/// Longest reason that a `close` frame carries, in bytes of UTF-8. With the code it fits
/// WebSocket's 125.
inline constexpr std::size_t max_close_reason_bytes = 120;

/// True for 4000–4499, known to this version or not: the range decides, so that codes can be added.
[[nodiscard]] constexpr bool is_retryable(close_code code) noexcept {
  const auto number = static_cast<std::uint16_t>(code);
  return number >= first_close_code && number < first_terminal_close_code;
}

/// The enumerator's name, as in `going_away`; `unknown` for a number that this version does not
/// define.
[[nodiscard]] std::string_view name(close_code code) noexcept;

/// One sentence for people, as in "The node stops or restarts."; never empty.
[[nodiscard]] std::string_view sentence(close_code code) noexcept;

}  // namespace byssus::protocol
