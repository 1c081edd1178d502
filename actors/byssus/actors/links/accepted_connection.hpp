#pragma once

#include "byssus/actors/links/arrival.hpp"
#include "byssus/actors/links/frame_reader.hpp"
#include "byssus/actors/links/interfaces.hpp"
#include "byssus/actors/links/node_part.hpp"
#include "byssus/actors/links/node_session.hpp"
#include "byssus/actors/links/token_bucket.hpp"
#include "byssus/actors/ports/inlets.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace byssus {

/// What the door hands over: a socket on this reactor, the hello that came through it, and what
/// came after the hello.
struct admission final : arrival {
  admission(std::unique_ptr<transport> brought, protocol::hello said,
            std::vector<std::byte> after_hello, place taken = {})
      : arrival(std::move(brought), std::move(after_hello), std::move(taken)),
        hello(std::move(said)) {}

  protocol::hello hello;
};

/// The ACCEPTED CONNECTION's state: open (welcome is its first word) → closing.
class accepted_connection_state {
public:
  static constexpr const char* name = "accepted_connection";

  explicit accepted_connection_state(accepted_connection_actor::pointer self);
  ~accepted_connection_state();

  /// Says welcome and begins to read.
  void open(std::shared_ptr<node_part> node, admission& stranger);

  void on_transport(const transport_signal& signal);
  void on_deadline();

  /// Says `code` and ends the socket when all is sent, or when the closing deadline passes.
  void close(protocol::close_code code, std::string_view reason);

private:
  enum class stage : std::uint8_t { open, closing };

  void on_bytes(protocol::byte_view bytes);
  void on_ended();
  std::optional<protocol::violation> on_body(const frame_reader::body& body);
  std::optional<protocol::violation> on_ping(protocol::byte_view body);
  std::optional<protocol::violation> on_pong(protocol::byte_view body);
  void settle();

  accepted_connection_actor::pointer self_;
  std::shared_ptr<node_part> node_;
  place seat_;
  transport_inlet socket_inlet_;
  timer_inlet timer_inlet_;
  std::unique_ptr<transport> socket_;  ///< destroyed after the session, which writes to it
  node_session session_;
  frame_reader reader_{protocol::side::client};
  reap_entry silence_;  ///< when the client was last heard
  timer deadline_;      ///< of a frame that has begun, or of closing
  token_bucket pings_;
  stage stage_ = stage::open;
  bool ended_by_peer_ = false;  ///< he has said close; no answer is due
};

/// A framed connection on a node. Never restarted: its client is the one who comes back.
accepted_connection_actor::behavior_type accepted_connection(
    accepted_connection_actor::stateful_pointer<accepted_connection_state> self,
    std::shared_ptr<node_part> node, std::shared_ptr<admission> stranger);

}  // namespace byssus
