#pragma once

#include "byssus/actors/rooms/room_events.hpp"

#include <string_view>

namespace byssus {

/// Somebody in rooms: the passive session of a connection, called on its reactor by the
/// `room_table` there. None of these may call the table back.
class room_subscriber {
public:
  /// What others see him as. Does not change.
  virtual std::string_view member_name() const noexcept = 0;

  /// He is in; messages after this position follow.
  virtual void on_subscribed(const protocol::subscribed& confirmed) = 0;
  /// A message of a room that he is in, in the order of offsets. `own`: he published it himself.
  virtual void on_room_message(const room_delivery& delivery, bool own) = 0;
  /// What he published with a number has its place; whether he is in that room or not.
  virtual void on_receipt(const protocol::receipt& placed) = 0;
  /// The answer to `room_table::ask_presence`.
  virtual void on_presence(const protocol::presence& there) = 0;

protected:
  ~room_subscriber() = default;
};

}  // namespace byssus
