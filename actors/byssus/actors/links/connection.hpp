#pragma once

#include "byssus/actors/links/client_session.hpp"
#include "byssus/actors/links/frame_reader.hpp"
#include "byssus/actors/links/interfaces.hpp"
#include "byssus/actors/links/link_config.hpp"
#include "byssus/actors/ports/inlets.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace byssus {

/// What a CONNECTION is to do.
struct connection_config {
  std::shared_ptr<const link_config> link;
  endpoint target;
  std::uint64_t attempt = 0;  ///< its number in its link, from 1
};

/// The CONNECTION's state.
///
///     opening ── dialed ──▶ handshaking ── welcome ──▶ open ── close_request ──▶ closing ──▶ dead
///        │                       │                       │
///        └─ dial failed ─────────┴─ deadline, close ─────┴─ reset, end, close ──▶ connection_down,
///        dead
class connection_state {
public:
  static constexpr const char* name = "connection";

  explicit connection_state(connection_actor::pointer self);
  ~connection_state();

  void open(connection_config config, std::shared_ptr<client_session> session,
            reconnect_supervisor_actor supervisor);

  void on_dial(const dial_signal& signal);
  void on_transport(const transport_signal& signal);
  void on_deadline();
  void ping(const ping_request& request);
  void poll(const poll_request& request);
  void close(protocol::close_code code, std::string_view reason);

private:
  enum class stage : std::uint8_t { opening, handshaking, open, closing };

  using outcome = std::optional<protocol::violation>;

  void on_bytes(protocol::byte_view bytes);
  outcome on_body(const frame_reader::body& body);
  outcome on_welcome(protocol::byte_view body);
  outcome on_ping(protocol::byte_view body);
  outcome on_pong(protocol::byte_view body);
  outcome on_ack(protocol::byte_view body);
  outcome on_goaway(protocol::byte_view body);
  outcome on_close(protocol::byte_view body);
  outcome acknowledged(std::uint64_t received);
  void on_polled();
  void break_off(const protocol::violation& broken);
  void go_down(errc reason, std::string_view detail, bool terminal = false);

  connection_actor::pointer self_;
  connection_actor
      alive_;  ///< itself: CAF frees an actor that only its socket knows. Gone when it quits
  connection_config config_;
  std::shared_ptr<client_session> session_;  ///< the link's; outlives this connection
  reconnect_supervisor_actor supervisor_;
  heartbeat_actor pinger_;                ///< who pinged last: pongs are for him
  std::vector<heartbeat_actor> pollers_;  ///< who waits for the next look at the socket
  dial_inlet dial_inlet_;
  transport_inlet socket_inlet_;
  timer_inlet timer_inlet_;
  std::unique_ptr<dial> dial_;  ///< while opening
  std::unique_ptr<transport> socket_;
  frame_reader reader_{protocol::side::node};
  timer deadline_;  ///< of the handshake, or of closing
  std::uint64_t bytes_received_ = 0;
  duration return_within_{0};  ///< as the node's goaway said
  std::optional<protocol::close_body>
      farewell_;  ///< the node's close, to be acted on after the read
  stage stage_ = stage::opening;
};

/// One socket's life on the client: dials `config.target`, says hello, feeds `session`, and dies
/// with the socket. Tells `supervisor` when it is up, and once when it is down. Never reused: a
/// fresh socket is a fresh CONNECTION.
connection_actor::behavior_type connection(
    connection_actor::stateful_pointer<connection_state> self, connection_config config,
    std::shared_ptr<client_session> session, reconnect_supervisor_actor supervisor);

}  // namespace byssus
