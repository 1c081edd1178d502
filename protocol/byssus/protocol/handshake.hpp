#pragma once

#include "byssus/protocol/frame.hpp"
#include "byssus/protocol/result.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// How a connection begins. The client sends preface and hello, the node answers with welcome or
/// close:
///
///     client                                   node
///       │ F5 'BYSS' 0D 0A 00 │ hello ────────▶ │  negotiate(hello, offer)
///       │ ◀──────────────────────────── welcome │  from here on all frames may flow
///
/// The node sends no preface.
namespace byssus::protocol {

/// The last byte of the preface. 0 until sessions are done: both ends must be of the same build.
inline constexpr std::uint8_t protocol_version = 0;

/// The eight bytes that a client's connection begins with. F5 begins no UTF-8 text.
inline constexpr std::array<std::byte, 8> preface{
    std::byte{0xf5}, std::byte{'B'},  std::byte{'Y'},  std::byte{'S'},
    std::byte{'S'},  std::byte{0x0d}, std::byte{0x0a}, std::byte{protocol_version}};

/// The preface as bytes to send (`frame::raw`).
[[nodiscard]] frame encode_preface();

/// How much one side may have in flight: sent and not yet acknowledged (see `counters.hpp`).
struct window {
  /// Counted frames, 1–1,000,000.
  std::uint64_t frames = 4096;
  /// Their bytes, headers included, 1,024–1 GiB.
  std::uint64_t bytes = 4 * 1024 * 1024;

  friend bool operator==(const window&, const window&) = default;
};

/// The largest things that the client may send.
struct limits {
  /// One frame, header included: `min_frame_bytes` to `max_frame_bytes`.
  std::uint64_t frame_bytes = max_frame_bytes;
  /// One message's body, all its frames together: 1,024 to 1 GiB.
  std::uint64_t message_bytes = default_message_bytes;

  friend bool operator==(const limits&, const limits&) = default;
};

/// Asks to go on with a session that an earlier connection had.
struct resume_request {
  /// The `session` of the last welcome. Never log it: who has it has the session.
  std::string token{};
  /// Counted frames of the node that were handed to the app.
  std::uint64_t received = 0;
  /// Grows with each attempt; the node refuses an older one.
  std::uint64_t attempt = 1;

  friend bool operator==(const resume_request&, const resume_request&) = default;
};

/// Client → node, once, right after the preface.
struct hello {
  /// By name, as in `resume`: 1–32 of a–z, 0–9, `.`, `_` and `-`, at most 32 of them.
  std::vector<std::string> features{};
  /// How often the client wishes to ping: `min_heartbeat` to `max_heartbeat`.
  std::chrono::milliseconds heartbeat{5000};
  /// See `publish_view::publisher`.
  std::uint64_t publisher = 0;
  /// How the client wishes to be called; empty: the node chooses.
  std::string name{};
  /// What the node may have in flight to this client.
  protocol::window window{};
  /// None: a new session is wanted.
  std::optional<resume_request> resume{};

  friend bool operator==(const hello&, const hello&) = default;
};

/// Node → client, once, in answer to hello.
struct welcome {
  /// Those of the client that the node has, too. Only these may be used.
  std::vector<std::string> features{};
  /// How often the client shall ping.
  std::chrono::milliseconds heartbeat{5000};
  /// What the node takes from the client; a client that exceeds them is closed.
  protocol::limits limits{};
  /// What the client may have in flight to this node.
  protocol::window window{};
  /// How the node calls this client.
  std::string name{};
  /// Token to resume this session with; empty if it cannot be resumed. Never log it.
  std::string session{};
  /// True: the session goes on, and `received` says what the node has of it.
  bool resumed = false;
  /// Counted frames of the client that the node has received in this session; 0 for a fresh one.
  std::uint64_t received = 0;
  /// Why the session that was asked for is not resumed; empty if it is, or if none was asked for.
  std::string reason{};

  friend bool operator==(const welcome&, const welcome&) = default;
};

///@{
/// Makes a whole frame; no frame (false) if a field is out of its range.
[[nodiscard]] frame encode_hello(const hello& greeting);
[[nodiscard]] frame encode_welcome(const welcome& answer);
///@}

///@{
/// Reads the body of a frame of this type. Failures: `bad_json`, `json_too_deep`, `json_too_large`,
/// `bad_hello`, `bad_name`.
[[nodiscard]] result<hello> parse_hello(byte_view body);
[[nodiscard]] result<welcome> parse_welcome(byte_view body);
///@}

/// What a node has to offer to every client.
struct offer {
  /// The features that the node has; a client gets those of them that it names, too.
  std::vector<std::string> features{};
  /// A client that asks for less gets this. At least `min_heartbeat`.
  std::chrono::milliseconds shortest_heartbeat{1000};
  /// A client that asks for more gets this. At least the shortest, at most `max_heartbeat`.
  std::chrono::milliseconds longest_heartbeat{60'000};
  /// The same for every client.
  protocol::limits limits{};
  /// What each client may have in flight to the node.
  protocol::window window{};
};

/// The node's answer to a client: features in common in the order of the offer, the heartbeat asked
/// for within the bounds of the offer, a fresh session. The caller fills `session` and, if it
/// resumes one, `resumed` and `received`; until then a resume request is answered with the reason
/// `session unknown`.
[[nodiscard]] welcome negotiate(const hello& greeting, const offer& node);

}  // namespace byssus::protocol
