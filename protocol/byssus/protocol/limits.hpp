#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every size and deadline that the wire fixes. Deadlines are here because both ends must agree on
/// them; the clock that measures them is the caller's.
namespace byssus::protocol {

/// Length of every frame's header: u32 body length, u8 type, u8 flags.
inline constexpr std::size_t header_bytes = 6;
/// Longest frame, header included. It is also what a ping may have to wait behind.
inline constexpr std::size_t max_frame_bytes = 256 * 1024;
/// Longest frame, header included, until welcome was sent or received.
inline constexpr std::size_t max_frame_bytes_before_welcome = 16 * 1024;
/// Smallest `limits.frame_bytes` that may be agreed: the head fields of any frame must fit.
inline constexpr std::size_t min_frame_bytes = 1024;
/// Default for the longest body of a message, all its frames together (see `fragments.hpp`).
inline constexpr std::size_t default_message_bytes = 1024 * 1024;
/// Largest counter, offset, nonce and number: what a JSON number carries exactly.
inline constexpr std::uint64_t max_number = (std::uint64_t{1} << 53) - 1;

/// Longest name of a room or client, in bytes.
inline constexpr std::size_t max_name_bytes = 255;
/// Longest JSON body, in bytes; before welcome the frame limit is smaller still.
inline constexpr std::size_t max_json_bytes = 64 * 1024;
/// Deepest nesting of objects and arrays in a JSON body; the body itself is level 1.
inline constexpr std::size_t max_json_depth = 8;
/// Most feature names in a hello or welcome, and the longest of them in bytes.
inline constexpr std::size_t max_features = 32;
/// Longest feature name, in bytes.
inline constexpr std::size_t max_feature_bytes = 32;
/// Longest session token, in bytes.
inline constexpr std::size_t max_token_bytes = 128;
/// Most endpoints in a goaway, and the longest of them in bytes.
inline constexpr std::size_t max_endpoints = 16;
/// Longest endpoint in a goaway, in bytes.
inline constexpr std::size_t max_endpoint_bytes = 255;
/// Most names in a presence frame; `count` says how many there are in all.
inline constexpr std::size_t max_presence_names = 100;
/// Longest reason in a JSON body, in bytes.
inline constexpr std::size_t max_reason_bytes = 255;
/// Longest line or unterminated read in plain mode, in bytes, without its line end.
inline constexpr std::size_t max_plain_line_bytes = 4 * 1024;

/// Heartbeats that can be asked for and agreed.
inline constexpr std::chrono::milliseconds min_heartbeat{10};
/// The longest that can be agreed: a day.
inline constexpr std::chrono::milliseconds max_heartbeat{24 * 60 * 60 * 1000};
/// Longest return window in a goaway.
inline constexpr std::chrono::milliseconds max_return_window{60 * 60 * 1000};
/// After this silence, or with this much of `GET `, a stranger is taken for a plain client.
inline constexpr std::chrono::milliseconds first_bytes_patience{200};
/// A client that says nothing for so long is a plain listener.
inline constexpr std::chrono::milliseconds silent_listener_after{3000};
/// How long a plain read that may be half a `ping` is held back.
inline constexpr std::chrono::milliseconds plain_patience{200};
/// From the first byte to a complete hello.
inline constexpr std::chrono::milliseconds hello_deadline{5000};
/// An acknowledgement leaves at the latest after so much was handed to the app, or so long after
/// it.
inline constexpr std::uint64_t ack_after_frames = 64;
/// The same in bytes of frames.
inline constexpr std::uint64_t ack_after_bytes = 64 * 1024;
/// The same in time.
inline constexpr std::chrono::milliseconds ack_deadline{100};

}  // namespace byssus::protocol
