#include "byssus/actors/links/dialed_connection.hpp"

#include <string>
#include <utility>

namespace byssus {

dialed_connection::dialed_connection(connection_actor::pointer self)
    : self_(self),
      socket_inlet_(self),
      timer_inlet_(self),
      deadline_(reactor::of(self).timers(), timer_inlet_),
      dial_inlet_(self) {}

dialed_connection::~dialed_connection() {
  leave_session();
}

void dialed_connection::start(connection_config config, std::shared_ptr<link_session> session,
                              reconnect_supervisor_actor supervisor) {
  alive_ = self_;
  config_ = std::move(config);
  session_ = std::move(session);
  supervisor_ = std::move(supervisor);
  dial_ = reactor::of(self_).dialer().start(config_.target, config_.link->dial, dial_inlet_);
}

void dialed_connection::on_dial(const dial_signal& signal) {
  dial_.reset();
  if (signal.fresh == nullptr)
    return go_down(signal.reason, signal.detail);
  socket_ = std::move(*signal.fresh);
  on_connected();
}

void dialed_connection::on_transport(const transport_signal& signal) {
  switch (signal.what) {
    case transport_signal::kind::bytes:
      bytes_received_ += signal.bytes.size();
      if (stage_ != stage::closing)
        on_bytes(signal.bytes);
      break;
    case transport_signal::kind::polled:
      on_polled();
      break;
    case transport_signal::kind::ended:
      if (stage_ == stage::closing)
        break;
      go_down(on_last_byte(errc::peer_ended), {});
      break;
    case transport_signal::kind::closed:
      go_down(stage_ == stage::closing ? signal.reason : on_last_byte(signal.reason), {});
      break;
    case transport_signal::kind::drained:
      break;
  }
}

void dialed_connection::poll(const poll_request& request) {
  pollers_.push_back(request.from);
  if (socket_)
    socket_->poll();
  else
    on_polled();
}

void dialed_connection::on_polled() {
  for (const auto& poller : std::exchange(pollers_, {}))
    self_->send(poller, socket_polled{bytes_received_});
}

bool dialed_connection::carries_link() const noexcept {
  return stage_ == stage::open && session_->belongs_to(config_.attempt);
}

void dialed_connection::leave_session() {
  if (session_ && session_->belongs_to(config_.attempt))
    session_->end();
}

void dialed_connection::close(protocol::close_code code, std::string_view reason) {
  if (stage_ == stage::closing)
    return;
  stage_ = stage::closing;
  leave_session();
  if (!socket_)
    return self_->quit();
  say_farewell(code, reason);
  socket_->close();
  deadline_.start(config_.link->closing_deadline);
}

void dialed_connection::go_down(errc reason, std::string_view detail, bool terminal) {
  if (stage_ != stage::closing)
    self_->send(supervisor_, connection_down{config_.attempt, reason, std::string{detail}, terminal,
                                             return_within_});
  self_->quit();
}

connection_actor::behavior_type reactions(dialed_connection& state) {
  return {
      // First, as CAF tries one after the other, and this is what comes all the time.
      [&state](const transport_signal& signal) -> unanswered {
        state.on_transport(signal);
        return {};
      },
      [&state](const ping_request& request) { state.ping(request); },
      [&state](const poll_request& request) { state.poll(request); },
      [&state](const close_request& request) { state.close(request.code, request.reason); },
      [&state](const dial_signal& signal) { state.on_dial(signal); },
      [&state](const timer_signal& signal) { state.on_timer(signal); },
  };
}

}  // namespace byssus
