#pragma once

#include "byssus/actors/rooms/interfaces.hpp"
#include "byssus/actors/rooms/room_table.hpp"

#include <memory>

namespace byssus {

/// The ROOM's state: nothing but the passive table, which its reactor's connections share.
struct room_state {
  /// What CAF calls the actor.
  static constexpr const char* name = "room";

  std::shared_ptr<room_table> table;  ///< of its reactor; what the actor is there to feed
};

/// The ROOM of one reactor: applies what the other reactors' ROOMs send to `table`. Ends on an exit
/// message.
/// @pre `table` belongs to the reactor that it is spawned on.
room_actor::behavior_type room(room_actor::stateful_pointer<room_state> self,
                               std::shared_ptr<room_table> table);

}  // namespace byssus
