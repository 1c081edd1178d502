#pragma once

#include "byssus/actors/rooms/room_events.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstddef>
#include <vector>

/// \file
/// What the ROOMs of a node's reactors say to each other.

namespace byssus {

/// Apply what another reactor's ROOM has gathered for this one during a turn of its loop, in order.
struct room_batch {
  std::size_t from = 0;            ///< index of the sending reactor in its node
  std::vector<room_event> events;  ///< in the order in which they came about
};

/// One per reactor of a node: the home of the rooms whose names hash to it, and the shard of every
/// room that delivers to this reactor's subscribers. On one reactor all goes by plain calls;
/// between reactors it goes in batches.
using room_actor = caf::typed_actor<caf::reacts_to<room_batch>>;

}  // namespace byssus

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::room_batch)
