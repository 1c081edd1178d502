#pragma once

#include "byssus/protocol/control.hpp"
#include "byssus/protocol/frame.hpp"
#include "byssus/protocol/payload.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// \file
/// What passes between a room's home and its shards.

namespace byssus {

/// Names a subscriber among all of its reactor, never used twice.
using subscriber_id = std::uint64_t;

/// A subscriber of a node: which reactor, and which there.
struct member_id {
  std::size_t reactor = 0;
  subscriber_id subscriber = 0;

  friend bool operator==(const member_id&, const member_id&) = default;
};

/// A message with its place in the room: encoded once, then shared by all who deliver it.
struct room_delivery {
  std::string room;
  protocol::position at;
  member_id origin;                     ///< who published it
  std::vector<protocol::frame> frames;  ///< `message`, in several frames if it is long
  protocol::frame line;  ///< the same for plain mode; no frame if the payload is not text
};

// -- from a shard to a room's home
// -------------------------------------------------------------------------------

/// Deliver the room's messages to this shard from now on. A shard that was given up and made again
/// has another life.
struct shard_attached {
  std::string room;
  std::uint64_t life = 0;
};

/// The shard has no subscriber left in the room.
struct shard_detached {
  std::string room;
};

/// `name` has come into the room, or has left it.
struct member_joined {
  std::string room;
  std::string name;
};
struct member_left {
  std::string room;
  std::string name;
};

/// Give this message its place, then deliver it.
struct message_published {
  std::string room;
  std::string sender;
  member_id origin;
  std::uint64_t number = 0;  ///< as its publisher counts; 0: he wants no receipt
  protocol::content_kind kind = protocol::content_kind::text;
  std::string payload;
};

/// Who is there?
struct presence_asked {
  std::string room;
  member_id asker;
};

// -- from a room's home to a shard
// -------------------------------------------------------------------------------

/// The shard is attached; deliveries to it begin after `at`.
struct shard_admitted {
  std::string room;
  std::uint64_t life = 0;  ///< as the shard said when it attached
  protocol::position at;
};

/// A publish has its place; for its origin alone.
struct publish_confirmed {
  member_id origin;
  protocol::receipt placed;
};

/// The answer to `presence_asked`.
struct presence_told {
  member_id asker;
  protocol::presence there;
};

using room_event =
    std::variant<shard_attached, shard_detached, member_joined, member_left, message_published,
                 presence_asked, shard_admitted, room_delivery, publish_confirmed, presence_told>;

}  // namespace byssus
