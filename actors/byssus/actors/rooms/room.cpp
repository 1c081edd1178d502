#include "byssus/actors/rooms/room.hpp"

#include <utility>

namespace byssus {

room_actor::behavior_type room(room_actor::stateful_pointer<room_state> self,
                               std::shared_ptr<room_table> table) {
  self->state.table = std::move(table);
  return {
      [self](const room_batch& batch) { self->state.table->apply(batch); },
  };
}

}  // namespace byssus
