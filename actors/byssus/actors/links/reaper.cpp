#include "byssus/actors/links/reaper.hpp"

#include <caf/actor_cast.hpp>
#include <caf/scheduled_actor.hpp>

#include <utility>

namespace byssus {

reaper_state::reaper_state(reaper_actor::stateful_pointer<reaper_state> owner)
    : self{owner}, home{reactor::of(owner)}, inlet{owner}, ticking{home.timers(), inlet} {}

void reaper_state::begin(std::shared_ptr<reap_wheel> shared) {
  wheel = std::move(shared);
  ticking.start(reap_wheel::tick);
}

void reaper_state::on_tick() {
  const auto now = home.now();
  const bool late = now - ticking.deadline() > reap_wheel::tick;
  // Only one in a row, lest a reactor that is always late keep the dead for ever.
  excused = late && !excused;
  if (!excused)
    wheel->advance(now, [this](reap_entry& silent) { close(silent); });
  ticking.start(reap_wheel::tick);
}

void reaper_state::close(const reap_entry& silent) {
  // The owner is alive, since the entry is a part of its state; only now does it take a reference.
  const caf::strong_actor_ptr owner{silent.owner()->ctrl()};
  self->send(
      caf::actor_cast<accepted_connection_actor>(owner),
      close_request{protocol::close_code::heartbeat_timeout, "nothing came for 3 intervals"});
}

reaper_actor::behavior_type reaper(reaper_actor::stateful_pointer<reaper_state> self,
                                   std::shared_ptr<reap_wheel> wheel) {
  self->state.begin(std::move(wheel));
  return {
      [self](const timer_signal&) { self->state.on_tick(); },
  };
}

}  // namespace byssus
