#pragma once

#include "byssus/protocol/frame.hpp"
#include "byssus/protocol/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Frames with a binary body. The structs are views: what `encode_…` reads must live until it
/// returns, what `parse_…` returns points into the body that was parsed. Parsing allocates nothing
/// unless it fails; encoding allocates the frame.
///
/// `encode_…` returns no frame (false) if a field is out of range: a number above `max_number`, a
/// name that is not valid, or a frame that would be longer than `max_frame_bytes` (see `split` in
/// `fragments.hpp`). `parse_…` checks the same, and answers `bad_body` or `bad_name`.
namespace byssus::protocol {

/// What a payload is, for its readers; a node never looks into it. Unknown kinds are passed on, and
/// read as `binary`.
enum class content_kind : std::uint8_t { binary = 0, text = 1, json = 2 };

/// Client → node: put a message in a room.
struct publish_view {
  /// Who numbers: random, chosen by the client once per link, so that a repeated publish is
  /// recognised.
  std::uint64_t publisher = 0;
  /// Grows by 1 with each publish of that publisher, from 1; the receipt names it.
  std::uint64_t number = 0;
  content_kind kind = content_kind::binary;  ///< passed on to the subscribers
  std::string_view room{};                   ///< a valid name
  byte_view payload{};                       ///< opaque; may be empty
};

/// Node → client: a message of a room, byte-identical for all its subscribers.
struct message_view {
  /// Place in the room's log, from 1; the epoch came with `subscribed`.
  std::uint64_t offset = 0;
  content_kind kind = content_kind::binary;  ///< as it was published
  std::string_view room{};                   ///< a valid name
  /// Name of the client who published it; empty if the node's own app did.
  std::string_view sender{};
  byte_view payload{};  ///< as it was published
};

/// A message to one client, beside all rooms.
struct direct_view {
  content_kind kind = content_kind::binary;  ///< for the recipient to read
  /// Client → node: the recipient. Node → client: the sender.
  std::string_view name{};
  byte_view payload{};  ///< opaque; may be empty
};

/// A request to a service, in either direction.
struct call_view {
  /// Chosen by the caller, unique among his calls without a reply.
  std::uint64_t id = 0;
  content_kind kind = content_kind::binary;  ///< for the service to read
  /// The service.
  std::string_view name{};
  byte_view payload{};  ///< opaque; may be empty
};

/// The answer to a call; a call that fails is answered by `error`.
struct reply_view {
  std::uint64_t id = 0;                      ///< of the call that it answers
  content_kind kind = content_kind::binary;  ///< for the caller to read
  byte_view payload{};                       ///< opaque; may be empty
};

[[nodiscard]] frame encode_publish(const publish_view& publish);
[[nodiscard]] frame encode_message(const message_view& message);
[[nodiscard]] frame encode_direct(const direct_view& direct);
[[nodiscard]] frame encode_call(const call_view& call);
[[nodiscard]] frame encode_reply(const reply_view& reply);

/// Encodes a whole frame into `space`, for one who sends it at once: no allocation. Returns its
/// length; 0 if it does not fit, or a field is out of range.
[[nodiscard]] std::size_t encode_reply_into(std::span<std::byte> space, const reply_view& reply);

[[nodiscard]] result<publish_view> parse_publish(byte_view body);
[[nodiscard]] result<message_view> parse_message(byte_view body);
[[nodiscard]] result<direct_view> parse_direct(byte_view body);
[[nodiscard]] result<call_view> parse_call(byte_view body);
[[nodiscard]] result<reply_view> parse_reply(byte_view body);

/// The body of both `ping` and `pong`.
struct ping_body {
  /// Chosen by who pings; the pong repeats it.
  std::uint64_t nonce = 0;
  /// Counted frames that the sender of this frame has handed to its app so far (an
  /// acknowledgement).
  std::uint64_t received = 0;

  friend bool operator==(const ping_body&, const ping_body&) = default;
};

[[nodiscard]] frame encode_ping(ping_body ping);
[[nodiscard]] frame encode_pong(ping_body pong);
[[nodiscard]] result<ping_body> parse_ping(byte_view body);
[[nodiscard]] result<ping_body> parse_pong(byte_view body);

/// Acknowledges the first `received` counted frames of the peer.
[[nodiscard]] frame encode_ack(std::uint64_t received);
[[nodiscard]] result<std::uint64_t> parse_ack(byte_view body);

/// The last frame on a connection. Its layout never changes, in any version.
struct close_body {
  close_code code = close_code::going_away;  ///< why, for programs
  /// For people; see `max_close_reason_bytes`.
  std::string reason{};

  friend bool operator==(const close_body&, const close_body&) = default;
};

/// Always succeeds: `reason` is made one line of valid UTF-8 and cut to `max_close_reason_bytes`.
[[nodiscard]] frame encode_close(close_code code, std::string_view reason);
[[nodiscard]] result<close_body> parse_close(byte_view body);

}  // namespace byssus::protocol
