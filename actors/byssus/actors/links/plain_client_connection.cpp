#include "byssus/actors/links/plain_client_connection.hpp"

#include "byssus/protocol/limits.hpp"

#include <string_view>
#include <utility>

namespace byssus {

plain_client_connection_state::plain_client_connection_state(connection_actor::pointer self)
    : dialed_connection(self), patience_(reactor::of(self).timers(), timer_inlet_) {}

void plain_client_connection_state::open(connection_config config,
                                         const std::shared_ptr<plain_session>& session,
                                         reconnect_supervisor_actor supervisor) {
  session_ = session.get();
  reader_ = protocol::plain_client{config.link->ping_lines};
  start(std::move(config), session, std::move(supervisor));
}

void plain_client_connection_state::on_connected() {
  stage_ = stage::open;
  session_->begin(config_.attempt, *socket_);
  self_->send(supervisor_, connection_up{config_.attempt, config_.link->heartbeat.interval});
  socket_->attach(socket_inlet_);
}

void plain_client_connection_state::on_bytes(protocol::byte_view bytes) {
  if (!carries_link())
    return;  // given up: the link has gone on, and the exit is on its way
  reader_.feed(bytes, [this](const protocol::plain_client_event& event) { on_event(event); });
  settle();
}

errc plain_client_connection_state::on_last_byte(errc reason) {
  if (!carries_link())
    return reason;
  reader_.flush([this](const protocol::plain_client_event& event) { on_event(event); });
  session_->flush();
  return overrun_ ? errc::receive_overflow : reason;
}

void plain_client_connection_state::on_event(const protocol::plain_client_event& event) {
  if (event.what == protocol::plain_client_event::kind::pong)
    return on_pong();
  if (!overrun_ && !session_->hear(event.text))
    overrun_ = true;
}

void plain_client_connection_state::on_pong() {
  self_->send(pinger_, pong_received{asked_.front()});
  asked_.pop_front();
  stale_ = asked_.size();
}

/// What was heard goes to the app; what is held waits for more.
void plain_client_connection_state::settle() {
  session_->flush();
  if (overrun_)
    return go_down(errc::receive_overflow, {});
  if (reader_.wants_timer())
    patience_.start(protocol::plain_patience);
  else
    patience_.stop();
}

void plain_client_connection_state::on_timer(const timer_signal& signal) {
  if (signal.expired == &deadline_)
    return self_->quit();
  if (!carries_link())
    return;
  reader_.flush([this](const protocol::plain_client_event& event) { on_event(event); });
  settle();
}

void plain_client_connection_state::ping(const ping_request& request) {
  using std::string_view_literals::operator""sv;
  pinger_ = request.from;
  const auto word = config_.link->ping_lines ? "ping\n"sv : "ping"sv;
  if (!carries_link() || !socket_->send(protocol::as_bytes(word), lane::urgent))
    return;
  give_up_stale_pings();
  reader_.on_ping_sent();
  asked_.push_back(request.nonce);
}

void plain_client_connection_state::give_up_stale_pings() {
  for (; stale_ > 0; --stale_) {
    asked_.pop_front();
    reader_.on_ping_given_up();
  }
}

connection_actor::behavior_type plain_client_connection(
    connection_actor::stateful_pointer<plain_client_connection_state> self,
    connection_config config, std::shared_ptr<plain_session> session,
    reconnect_supervisor_actor supervisor) {
  self->state.open(std::move(config), session, std::move(supervisor));
  return reactions(self->state);
}

}  // namespace byssus
