#pragma once

#include "byssus/actors/links/interfaces.hpp"
#include "byssus/actors/links/liveness.hpp"
#include "byssus/actors/ports/inlets.hpp"

#include <caf/error.hpp>

#include <cstdint>

namespace byssus {

/// How a connection's life is watched.
struct heartbeat_config {
  /// Between two pings. 10 ms to 1 h.
  duration interval = std::chrono::seconds{5};

  /// Pings in a row without an answer in time that mean death. 1 to 10.
  std::uint32_t misses = 3;

  friend bool operator==(const heartbeat_config&, const heartbeat_config&) = default;
};

/// Returns `errc::invalid_config` with the field and its range, or no error.
caf::error validate(const heartbeat_config& config);

/// The state of a HEARTBEAT: a judge, a timer, and the two that it talks to.
struct heartbeat_state {
  /// What CAF calls the actor.
  static constexpr const char* name = "heartbeat";

  /// INTERNAL: made by CAF.
  explicit heartbeat_state(heartbeat_actor::stateful_pointer<heartbeat_state> owner);

  /// As the factory, with its arguments. The first ping leaves after a random part of the interval.
  void begin(heartbeat_config settings, connection_actor watched, reconnect_supervisor_actor told,
             std::uint64_t number);

  ///@{
  /// Puts what has happened before the judge, as of now, and does what it wants.
  void on_pong(const pong_received& pong);
  void on_polled(const socket_polled& look);
  void on_timer();
  ///@}

  /// The answer to `heartbeat_query`.
  heartbeat_status status() const;

  /// Does what the judge wants, then sleeps until it wants to be woken.
  void carry_out(const liveness_decision& decision);

  heartbeat_actor::stateful_pointer<heartbeat_state> self;  ///< to send with
  reactor& home;                                            ///< clock and chance
  liveness judge;  ///< replaced by `begin`, once the config is known
  std::uint64_t attempt =
      0;  ///< which connection of the link it is; in all that the supervisor is told
  connection_actor connection;            ///< pings leave through it; a neighbour, passed in
  reconnect_supervisor_actor supervisor;  ///< who is told; a neighbour, passed in
  timer_inlet inlet;                      ///< where the timer enters the actor
  timer wake;  ///< the only timer: runs while the judge waits for something
};

/// Watches one connection: pings through CONNECTION and tells SUPERVISOR `ping_overdue`,
/// `ping_answered` and, once, `ping_failed`; after that it is quiet. To be spawned when the
/// connection is up, on the reactor of both. Lives until the supervisor sends it an exit: it ends
/// neither itself nor the connection. A CONNECTION that is gone answers nothing; that it is gone
/// the supervisor knows better.
///
/// @param config already agreed with the node. @pre `validate(config)` is no error.
/// @param attempt the connection's number in its link
heartbeat_actor::behavior_type heartbeat(heartbeat_actor::stateful_pointer<heartbeat_state> self,
                                         heartbeat_config config, connection_actor connection,
                                         reconnect_supervisor_actor supervisor,
                                         std::uint64_t attempt);

}  // namespace byssus
