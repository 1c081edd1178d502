#pragma once

#include "byssus/actors/links/dialed_connection.hpp"
#include "byssus/actors/links/plain_session.hpp"
#include "byssus/protocol/plain_client.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>

namespace byssus {

/// The state of a plain link's CONNECTION. It is open as soon as the socket is connected.
///
/// Answers do not say which ping they answer, but they come in order: a pong is for the oldest ping
/// without one. A ping that ran together with a text may get none at all, and then every later pong
/// would count for the ping before. So when a ping leaves, those that left before the last pong
/// came are given up.
///
/// That holds while a round trip is shorter than the interval between pings. Where it is about as
/// long or longer, pings are given up whose pongs still come: those count for later pings, so that
/// the round trip looks shorter than it is, or for none, and then the app hears `pong` as text.
class plain_client_connection_state : public dialed_connection {
public:
  static constexpr const char* name = "plain_client_connection";

  explicit plain_client_connection_state(connection_actor::pointer self);

  void open(connection_config config, const std::shared_ptr<plain_session>& session,
            reconnect_supervisor_actor supervisor);

  void ping(const ping_request& request) override;
  void on_timer(const timer_signal& signal) override;

private:
  void on_connected() override;
  void on_bytes(protocol::byte_view bytes) override;
  errc on_last_byte(errc reason) override;
  void say_farewell(protocol::close_code, std::string_view) override {}

  void on_event(const protocol::plain_client_event& event);
  void on_pong();
  void give_up_stale_pings();
  void settle();

  plain_session* session_ = nullptr;  ///< the link's; lives as long as this
  protocol::plain_client reader_;
  timer patience_;                   ///< runs while what may be half a pong is held back
  std::deque<std::uint64_t> asked_;  ///< nonces of the pings without an answer, oldest first
  std::size_t stale_ = 0;            ///< how many of these are older than the last pong
  bool overrun_ = false;             ///< the app has more to handle than its bound allows
};

/// One socket's life on a plain link: dials `config.target`, is up when that is connected, tells
/// `session` what the server says, writes pings and finds their pongs. Otherwise as `connection`.
connection_actor::behavior_type plain_client_connection(
    connection_actor::stateful_pointer<plain_client_connection_state> self,
    connection_config config, std::shared_ptr<plain_session> session,
    reconnect_supervisor_actor supervisor);

}  // namespace byssus
