#pragma once

#include "byssus/actors/links/interfaces.hpp"
#include "byssus/actors/links/link_config.hpp"
#include "byssus/actors/links/link_session.hpp"
#include "byssus/actors/ports/inlets.hpp"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace byssus {

/// What a CONNECTION is to do.
struct connection_config {
  std::shared_ptr<const link_config> link;
  endpoint target;
  std::uint64_t attempt = 0;  ///< its number in its link, from 1
};

/// What the CONNECTIONs of both modes have in common: a client's socket from the dial to its death,
/// and who is told of it. Each mode adds what it does with a socket that is connected, with what
/// comes from it, with a ping, and by way of farewell.
///
///     opening ── dialed ──▶ handshaking ──▶ open ── close_request ──▶ closing ──▶ dead
///        │                       │           │
///        └─ dial failed ─────────┴───────────┴─ deadline, reset, end ──▶ connection_down, dead
///
/// In plain mode nobody shakes hands.
class dialed_connection {
public:
  explicit dialed_connection(connection_actor::pointer self);
  virtual ~dialed_connection();
  dialed_connection(const dialed_connection&) = delete;
  dialed_connection& operator=(const dialed_connection&) = delete;

  // What the CONNECTION reacts to, on its reactor's thread.

  /// The dial has ended: with a socket, which is `on_connected`, or `go_down` says why without one.
  void on_dial(const dial_signal& signal);

  /// The socket brings bytes, was looked at, or has ended. When closing, what it brings is ignored.
  void on_transport(const transport_signal& signal);

  /// A timer of this connection has run out: `deadline_`, or one of the mode's own.
  virtual void on_timer(const timer_signal& signal) = 0;

  /// Sends a ping, ahead of all that is queued; pongs go to `request.from` from now on. Dropped in
  /// silence when the link has gone on, or the socket takes no more.
  virtual void ping(const ping_request& request) = 0;

  /// Tells `request.from` how much has come, after a look at the socket; at once without one.
  void poll(const poll_request& request);

  /// Ends the session's share in it, sends what is queued and the last words, and dies when the
  /// socket has ended, within `closing_deadline`. The supervisor is told nothing: he has asked.
  void close(protocol::close_code code, std::string_view reason);

protected:
  enum class stage : std::uint8_t { opening, handshaking, open, closing };

  /// Dials `config.target`. `session` is the link's.
  void start(connection_config config, std::shared_ptr<link_session> session,
             reconnect_supervisor_actor supervisor);

  /// `socket_` is there: name the stage, say what is to be said, and attach to `socket_inlet_`.
  virtual void on_connected() = 0;

  /// `bytes` have come; they are valid during the call only. Not called when closing.
  virtual void on_bytes(protocol::byte_view bytes) = 0;

  /// Nothing more will come, for `reason`: what was held back is decided. Returns what the
  /// supervisor is to be told.
  virtual errc on_last_byte(errc reason) { return reason; }

  /// Sends the last words, if the mode has any.
  virtual void say_farewell(protocol::close_code code, std::string_view reason) = 0;

  /// Claims that the link still counts on this connection, and that it is up.
  bool carries_link() const noexcept;

  /// This connection is of no use any more, and dies.
  void go_down(errc reason, std::string_view detail, bool terminal = false);

  connection_actor::pointer self_;
  connection_config config_;
  reconnect_supervisor_actor supervisor_;
  heartbeat_actor pinger_;  ///< who pinged last: pongs are for him
  transport_inlet socket_inlet_;
  timer_inlet timer_inlet_;
  std::unique_ptr<transport> socket_;  ///< from the end of the dial on
  timer deadline_;                     ///< of the handshake, or of closing
  std::uint64_t bytes_received_ = 0;
  duration return_within_{0};  ///< as the node's goaway said
  stage stage_ = stage::opening;

private:
  void on_polled();
  void leave_session();

  connection_actor
      alive_;  ///< itself: CAF frees an actor that only its socket knows. Gone when it quits
  std::shared_ptr<link_session> session_;  ///< the link's; outlives this connection
  std::vector<heartbeat_actor> pollers_;   ///< who waits for the next look at the socket
  dial_inlet dial_inlet_;
  std::unique_ptr<dial> dial_;  ///< while opening
};

/// The reactions of a CONNECTION of either mode. `state` is its state.
connection_actor::behavior_type reactions(dialed_connection& state);

}  // namespace byssus
