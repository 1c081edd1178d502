#pragma once

#include "byssus/protocol/frame.hpp"
#include "byssus/protocol/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Frames with a JSON body (hello and welcome: `handshake.hpp`). Parsing copies what it returns,
/// ignores unknown keys, takes the last of two equal ones, and answers `bad_json`, `json_too_deep`,
/// `json_too_large`, `bad_body` or `bad_name`.
///
/// `encode_…` returns no frame (false) if a number is above `max_number` or a name is not valid.
/// Reasons are made one line of UTF-8 and cut to `max_reason_bytes`; lists that are too long lose
/// their end.
namespace byssus::protocol {

/// A place in a room's log.
struct position {
  /// Changes when the room's log starts anew; offsets of different epochs are not comparable.
  std::uint64_t epoch = 0;
  /// The last message seen, or 0 for the beginning.
  std::uint64_t offset = 0;

  friend bool operator==(const position&, const position&) = default;
};

/// Client → node: deliver a room's messages, those after `since` first, or only new ones without
/// it.
struct subscribe {
  std::string room{};  ///< a valid name
  /// The last message that the client has; none: only new ones are wanted.
  std::optional<position> since{};

  friend bool operator==(const subscribe&, const subscribe&) = default;
};

/// Client → node: deliver no more of a room.
struct unsubscribe {
  std::string room{};  ///< a valid name

  friend bool operator==(const unsubscribe&, const unsubscribe&) = default;
};

/// Node → client: deliveries of the room begin after this position.
struct subscribed {
  std::string room{};  ///< as the request named it
  position at{};       ///< what follows has offsets above this one

  friend bool operator==(const subscribed&, const subscribed&) = default;
};

/// Node → client: publish `number` stands in the room's log at this position.
struct receipt {
  std::uint64_t number = 0;  ///< as its publisher counts, `publish_view::number`
  std::string room{};        ///< as the publish named it
  position at{};             ///< the message's own place

  friend bool operator==(const receipt&, const receipt&) = default;
};

/// Node → client: messages `from` to `to` of a room, both included, were not delivered.
struct gap {
  std::string room{};      ///< a valid name
  std::uint64_t from = 0;  ///< offset of the first
  std::uint64_t to = 0;    ///< offset of the last, at least `from`
  std::string reason{};    ///< a sentence for people

  friend bool operator==(const gap&, const gap&) = default;
};

/// Client → node: who is in a room?
struct presence_request {
  std::string room{};  ///< a valid name

  friend bool operator==(const presence_request&, const presence_request&) = default;
};

/// Node → client: who is in a room, as far as `max_presence_names` reach.
struct presence {
  std::string room{};  ///< as the request named it
  /// How many are there, named or not.
  std::uint64_t count = 0;
  /// Each once, however many have it; so, and beyond `max_presence_names`, fewer than `count`.
  std::vector<std::string> names{};

  friend bool operator==(const presence&, const presence&) = default;
};

/// The answer to a request that failed; the connection goes on.
struct request_error {
  /// Name of the frame type of the request, as in `publish`.
  std::string about{};
  /// Number of the publish or id of the call; 0 if the request has none.
  std::uint64_t number = 0;
  /// The room that the request named; empty if it named none.
  std::string room{};
  /// A word for programs, as in `no_such_room`: 1–64 of a–z, 0–9 and `_`.
  std::string code{};
  /// A sentence for people.
  std::string reason{};

  friend bool operator==(const request_error&, const request_error&) = default;
};

/// Node → client: this connection ends soon; dial again within the return window, all clients
/// spread over it.
struct goaway {
  /// Why, for programs.
  close_code code = close_code::going_away;
  /// Over how long they spread, 0 to `max_return_window`.
  std::chrono::milliseconds return_window{0};
  /// Where to go, as in `tcp://10.0.0.7:7400`; empty: the endpoints that the client knows.
  std::vector<std::string> endpoints{};
  /// True if the session can be resumed there.
  bool resumable = false;

  friend bool operator==(const goaway&, const goaway&) = default;
};

///@{
/// Makes a whole frame; no frame (false) if a field is out of its range.
[[nodiscard]] frame encode_subscribe(const subscribe& request);
[[nodiscard]] frame encode_unsubscribe(const unsubscribe& request);
[[nodiscard]] frame encode_subscribed(const subscribed& answer);
[[nodiscard]] frame encode_receipt(const receipt& answer);
[[nodiscard]] frame encode_gap(const gap& loss);
[[nodiscard]] frame encode_presence_request(const presence_request& request);
[[nodiscard]] frame encode_presence(const presence& answer);
[[nodiscard]] frame encode_error(const request_error& failure);
[[nodiscard]] frame encode_goaway(const goaway& farewell);
///@}

///@{
/// Reads the body of a frame of this type. Failures: `bad_json`, `json_too_deep`, `json_too_large`,
/// `bad_body` (a field is missing, of another type or out of its range), `bad_name`.
[[nodiscard]] result<subscribe> parse_subscribe(byte_view body);
[[nodiscard]] result<unsubscribe> parse_unsubscribe(byte_view body);
[[nodiscard]] result<subscribed> parse_subscribed(byte_view body);
[[nodiscard]] result<receipt> parse_receipt(byte_view body);
[[nodiscard]] result<gap> parse_gap(byte_view body);
[[nodiscard]] result<presence_request> parse_presence_request(byte_view body);
[[nodiscard]] result<presence> parse_presence(byte_view body);
[[nodiscard]] result<request_error> parse_error(byte_view body);
[[nodiscard]] result<goaway> parse_goaway(byte_view body);
///@}

}  // namespace byssus::protocol
