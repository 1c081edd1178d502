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
  std::size_t reactor = 0;       ///< its index in the node
  subscriber_id subscriber = 0;  ///< from 1; 0: the node itself

  friend bool operator==(const member_id&, const member_id&) = default;
};

/// A message with its place in the room: encoded once, then shared by all who deliver it.
struct room_delivery {
  std::string room;                     ///< its name
  protocol::position at;                ///< its place in the room's log
  member_id origin;                     ///< who published it
  std::vector<protocol::frame> frames;  ///< `message`, in several frames if it is long
  protocol::frame line;  ///< the same for plain mode; no frame if the payload is not text
};

// -- from a shard to a room's home
// -------------------------------------------------------------------------------

/// Deliver the room's messages to this shard from now on. A shard that was given up and made again
/// has another life.
struct shard_attached {
  std::string room;        ///< its name
  std::uint64_t life = 0;  ///< counts the shards that this reactor has made, from 1
};

/// The shard has no subscriber left in the room.
struct shard_detached {
  std::string room;  ///< its name
};

/// Somebody has come into the room.
struct member_joined {
  std::string room;  ///< where
  std::string name;  ///< `room_subscriber::member_name`; others may have it, too
};
/// Somebody has left the room.
struct member_left {
  std::string room;  ///< where
  std::string name;  ///< as when he came
};

/// Give this message its place, then deliver it.
struct message_published {
  std::string room;          ///< where to
  std::string sender;        ///< as subscribers see him; empty: the node itself
  member_id origin;          ///< who published it; the receipt is his
  std::uint64_t number = 0;  ///< as its publisher counts; 0: he wants no receipt
  protocol::content_kind kind = protocol::content_kind::text;  ///< only text goes to plain mode
  std::string payload;                                         ///< opaque
};

/// Who is there?
struct presence_asked {
  std::string room;  ///< where
  member_id asker;   ///< who is to be told
};

// -- from a room's home to a shard
// -------------------------------------------------------------------------------

/// The shard is attached; deliveries to it begin after `at`.
struct shard_admitted {
  std::string room;        ///< its name
  std::uint64_t life = 0;  ///< as the shard said when it attached
  protocol::position at;   ///< the last message before
};

/// A publish has its place; for its origin alone.
struct publish_confirmed {
  member_id origin;          ///< who published
  protocol::receipt placed;  ///< what he is told
};

/// The answer to `presence_asked`.
struct presence_told {
  member_id asker;           ///< who asked
  protocol::presence there;  ///< what he is told
};

/// Whatever passes, in either direction.
using room_event =
    std::variant<shard_attached, shard_detached, member_joined, member_left, message_published,
                 presence_asked, shard_admitted, room_delivery, publish_confirmed, presence_told>;

}  // namespace byssus
