#pragma once

#include "byssus/actors/links/client_session.hpp"
#include "byssus/actors/links/dialed_connection.hpp"
#include "byssus/actors/links/frame_reader.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace byssus {

/// The state of a framed link's CONNECTION. It is open when the node has said welcome.
class connection_state : public dialed_connection {
public:
  /// What CAF calls the actor.
  static constexpr const char* name = "connection";

  /// INTERNAL: made by CAF.
  explicit connection_state(connection_actor::pointer self);

  /// As the factory, with its arguments: dials.
  void open(connection_config config, const std::shared_ptr<client_session>& session,
            reconnect_supervisor_actor supervisor);

  /// A deadline has passed: that of the handshake, or that of closing.
  void on_timer(const timer_signal& signal) override;

  /// Sends a ping with that nonce while it carries the link; pongs go to whoever asked last.
  void ping(const ping_request& request) override;

private:
  using outcome = std::optional<protocol::violation>;

  void on_connected() override;
  void on_bytes(protocol::byte_view bytes) override;
  void say_farewell(protocol::close_code code, std::string_view reason) override;

  outcome on_body(const frame_reader::body& body);
  outcome on_welcome(protocol::byte_view body);
  outcome on_ping(protocol::byte_view body);
  outcome on_pong(protocol::byte_view body);
  outcome on_goaway(protocol::byte_view body);
  outcome on_close(protocol::byte_view body);
  void break_off(const protocol::violation& broken);

  client_session* session_ = nullptr;  ///< the link's; lives as long as this
  frame_reader reader_{protocol::side::node};
  std::optional<protocol::close_body>
      farewell_;  ///< the node's close, to be acted on after the read
};

/// One socket's life on the client: dials `config.target`, says hello, feeds `session`, and dies
/// with the socket. Tells `supervisor` when it is up, and once when it is down. Never reused: a
/// fresh socket is a fresh CONNECTION.
connection_actor::behavior_type connection(
    connection_actor::stateful_pointer<connection_state> self, connection_config config,
    std::shared_ptr<client_session> session, reconnect_supervisor_actor supervisor);

}  // namespace byssus
