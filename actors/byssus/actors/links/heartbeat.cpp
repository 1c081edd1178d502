#include "byssus/actors/links/heartbeat.hpp"

#include "byssus/actors/errc.hpp"

#include <utility>

namespace byssus {

caf::error validate(const heartbeat_config& config) {
  if (config.interval < std::chrono::milliseconds{10} || config.interval > std::chrono::hours{1})
    return make_error(errc::invalid_config, "heartbeat interval must be from 10 ms to 1 h");
  if (config.misses < 1 || config.misses > 10)
    return make_error(errc::invalid_config, "heartbeat misses must be from 1 to 10");
  return {};
}

heartbeat_state::heartbeat_state(heartbeat_actor::stateful_pointer<heartbeat_state> owner)
    : self{owner},
      home{reactor::of(owner)},
      judge{heartbeat_config{}.interval, heartbeat_config{}.misses, 0},
      inlet{owner},
      wake{home.timers(), inlet} {}

void heartbeat_state::begin(heartbeat_config settings, connection_actor watched,
                            reconnect_supervisor_actor told, std::uint64_t number) {
  connection = std::move(watched);
  supervisor = std::move(told);
  attempt = number;
  // Anywhere to start from, with room to count in what the wire allows (2^53 - 1).
  const auto first_nonce = home.random().next() >> 12U;
  judge = liveness{settings.interval, settings.misses, first_nonce};
  const auto instant_after = duration{1};
  judge.begin(home.now(), instant_after + home.random().up_to(settings.interval - instant_after));
  carry_out({});
}

void heartbeat_state::on_pong(const pong_received& pong) {
  carry_out(judge.on_pong(pong.nonce, home.now()));
}

void heartbeat_state::on_polled(const socket_polled& look) {
  carry_out(judge.on_polled(look.bytes_received, home.now()));
}

void heartbeat_state::on_timer() {
  carry_out(judge.on_wake(home.now()));
}

heartbeat_status heartbeat_state::status() const {
  return {judge.state(), judge.misses(), judge.timing().smoothed(), judge.timing().deadline()};
}

void heartbeat_state::carry_out(const liveness_decision& decision) {
  if (decision.overdue)
    self->send(supervisor, ping_overdue{attempt});
  if (decision.answered)
    self->send(supervisor, ping_answered{attempt});
  if (decision.failed)
    self->send(supervisor, ping_failed{attempt, judge.misses()});
  if (decision.ping)
    self->send(connection, ping_request{*decision.ping, heartbeat_actor{self}});
  if (decision.poll)
    self->send(connection, poll_request{heartbeat_actor{self}});
  if (const auto next = judge.wake_at())
    wake.start_at(*next);
  else
    wake.stop();
}

heartbeat_actor::behavior_type heartbeat(heartbeat_actor::stateful_pointer<heartbeat_state> self,
                                         heartbeat_config config, connection_actor connection,
                                         reconnect_supervisor_actor supervisor,
                                         std::uint64_t attempt) {
  self->state.begin(config, std::move(connection), std::move(supervisor), attempt);
  return {
      [self](const pong_received& pong) { self->state.on_pong(pong); },
      [self](const socket_polled& look) { self->state.on_polled(look); },
      [self](const heartbeat_query&) { return self->state.status(); },
      [self](const timer_signal&) { self->state.on_timer(); },
  };
}

}  // namespace byssus
