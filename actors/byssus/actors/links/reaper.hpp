#pragma once

#include "byssus/actors/links/interfaces.hpp"
#include "byssus/actors/links/reap_wheel.hpp"
#include "byssus/actors/ports/inlets.hpp"

#include <memory>

namespace byssus {

/// The state of a REAPER.
struct reaper_state {
  /// What CAF calls the actor.
  static constexpr const char* name = "reaper";

  /// INTERNAL: made by CAF.
  explicit reaper_state(reaper_actor::stateful_pointer<reaper_state> owner);

  /// As the factory: from now on it ticks.
  void begin(std::shared_ptr<reap_wheel> shared);

  /// Turns the wheel. Of ticks that come late in a row, only every other is excused from judging,
  /// lest a reactor that is always late keep the dead for ever.
  void on_tick();

  /// Asks the owner of `silent` to close; he is alive, since the entry is a part of his state.
  void close(const reap_entry& silent);

  reaper_actor::stateful_pointer<reaper_state> self;  ///< to send with
  reactor& home;                                      ///< the clock
  std::shared_ptr<reap_wheel> wheel;  ///< shared with the connections of this reactor
  bool excused = false;               ///< the last tick came so late that it judged nobody
  timer_inlet inlet;                  ///< where the timer enters the actor
  timer ticking;                      ///< always running, once a second
};

/// Sends `close_request` with `heartbeat_timeout` to each connection in `wheel` that was silent for
/// 3 of its intervals + 3 s. One per reactor; lives until it is sent an exit. A tick that is itself
/// late by more than a second (the process was stopped, what came meanwhile is not read yet) judges
/// nobody; the next one does.
///
/// @param wheel of the same reactor. @pre not null.
reaper_actor::behavior_type reaper(reaper_actor::stateful_pointer<reaper_state> self,
                                   std::shared_ptr<reap_wheel> wheel);

}  // namespace byssus
