#include "byssus/actors/links/accepted_connection.hpp"

#include "byssus/protocol/payload.hpp"

#include <utility>

namespace byssus {

accepted_connection_state::accepted_connection_state(accepted_connection_actor::pointer self)
    : self_(self),
      socket_inlet_(self),
      timer_inlet_(self),
      session_(self),
      silence_(self),
      deadline_(reactor::of(self).timers(), timer_inlet_) {}

accepted_connection_state::~accepted_connection_state() {
  if (node_)
    node_->connections.erase(caf::strong_actor_ptr{self_->ctrl()});
}

void accepted_connection_state::open(std::shared_ptr<node_part> node, admission& stranger) {
  node_ = std::move(node);
  node_->connections.insert(caf::strong_actor_ptr{self_->ctrl()});
  ++node_->counts.admitted;
  seat_ = std::move(stranger.seat);
  socket_ = std::move(stranger.socket);
  if (stranger.closed)
    return self_->quit();
  auto welcome = protocol::negotiate(stranger.hello, node_->rules.offer);
  if (welcome.name.empty())
    welcome.name = node_->next_guest();
  // Urgent, as the pong is that may be due to what came with the hello: nothing may overtake
  // welcome.
  if (!socket_->send(protocol::encode_welcome(welcome).bytes(), lane::urgent))
    return self_->quit();
  reader_.open(welcome.limits);
  session_.begin(*node_, *socket_, welcome.window, stranger.hello.window, welcome.name);
  node_->reaping->enter(silence_, welcome.heartbeat, node_->home->now());
  socket_->attach(socket_inlet_);
  if (!stranger.read.empty())
    on_bytes(stranger.read);
  if (stranger.ended)
    on_ended();
  if (node_->stopping)
    close(protocol::close_code::going_away, "the node stops");
}

void accepted_connection_state::on_transport(const transport_signal& signal) {
  switch (signal.what) {
    case transport_signal::kind::bytes:
      if (stage_ == stage::open)
        on_bytes(signal.bytes);
      break;
    case transport_signal::kind::ended:
      on_ended();
      break;
    case transport_signal::kind::closed:
      self_->quit();
      break;
    case transport_signal::kind::drained:
    case transport_signal::kind::polled:
      break;
  }
}

/// The end without a close frame: a client that was killed, or one that only stopped to write. It
/// may still read.
void accepted_connection_state::on_ended() {
  constexpr std::string_view reason = "the client ended its direction without a close frame";
  if (stage_ == stage::open)
    node_->note_closing(socket_->peer(), protocol::close_code::going_away, reason);
  close(protocol::close_code::going_away, reason);
}

void accepted_connection_state::on_bytes(protocol::byte_view bytes) {
  silence_.seen(node_->home->now());
  const auto broken = reader_.feed(
      bytes, session_.delivery(), [this](const frame_reader::body& body) { return on_body(body); });
  if (broken)
    close(broken->code, broken->reason);
  else
    settle();
}

std::optional<protocol::violation> accepted_connection_state::on_body(
    const frame_reader::body& body) {
  if (ended_by_peer_)
    return std::nullopt;  // nothing that follows a close is meant
  switch (body.type) {
    case protocol::frame_type::ping:
      return on_ping(body.bytes);
    case protocol::frame_type::pong:
      return on_pong(body.bytes);
    case protocol::frame_type::ack:
      return session_.delivery().on_ack(body.bytes);
    case protocol::frame_type::close:
      ended_by_peer_ = true;
      return std::nullopt;
    default:
      return session_.take(body);
  }
}

std::optional<protocol::violation> accepted_connection_state::on_ping(protocol::byte_view body) {
  const auto& rules = node_->rules;
  if (!pings_.take(node_->home->now(), rules.ping_burst, rules.ping_every))
    return protocol::violation{protocol::close_code::ping_flood,
                               "pings come faster than any heartbeat needs"};
  auto ping = protocol::parse_ping(body);
  if (!ping)
    return std::move(ping).error();
  session_.delivery().pong(ping->nonce);
  return session_.delivery().on_acknowledged(ping->received);
}

/// A node asks nobody; a pong says at least what the client has handed to its app.
std::optional<protocol::violation> accepted_connection_state::on_pong(protocol::byte_view body) {
  auto pong = protocol::parse_pong(body);
  if (!pong)
    return std::move(pong).error();
  return session_.delivery().on_acknowledged(pong->received);
}

/// After a read: acknowledges what was handed over, and minds the end of what has begun.
void accepted_connection_state::settle() {
  if (ended_by_peer_)
    return close(protocol::close_code::going_away, {});
  session_.delivery().acknowledge();
  if (!reader_.has_partial())
    deadline_.stop();
  else if (!deadline_.running() || reader_.has_begun_anew())
    deadline_.start(node_->rules.frame_deadline);
}

void accepted_connection_state::on_deadline() {
  if (stage_ == stage::open)
    close(protocol::close_code::frame_timeout, "a frame was not complete in time");
  else
    self_->quit();
}

void accepted_connection_state::close(protocol::close_code code, std::string_view reason) {
  if (stage_ == stage::closing)
    return;
  stage_ = stage::closing;
  if (code != protocol::close_code::going_away)
    node_->note_closing(socket_->peer(), code, reason);
  session_.end();
  silence_.leave();
  if (!ended_by_peer_) {
    // To one who does not read, it goes ahead of all that waits for him.
    const auto which = code == protocol::close_code::slow_consumer ? lane::urgent : lane::bulk;
    if (!socket_->send(protocol::encode_close(code, reason).bytes(), which))
      return self_->quit();
  }
  socket_->close();
  deadline_.start(node_->rules.closing_deadline);
}

accepted_connection_actor::behavior_type accepted_connection(
    accepted_connection_actor::stateful_pointer<accepted_connection_state> self,
    std::shared_ptr<node_part> node, std::shared_ptr<admission> stranger) {
  self->state.open(std::move(node), *stranger);
  return {
      // First, since CAF tries one after the other, and this is what comes all the time.
      [self](const transport_signal& signal) -> unanswered {
        self->state.on_transport(signal);
        return {};
      },
      [self](const close_request& request) { self->state.close(request.code, request.reason); },
      [self](const timer_signal&) { self->state.on_deadline(); },
  };
}

}  // namespace byssus
