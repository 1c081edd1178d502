#include "byssus/actors/links/connection.hpp"

#include "byssus/protocol/control.hpp"
#include "byssus/protocol/payload.hpp"

#include <chrono>
#include <utility>

namespace byssus {

namespace {

std::string words(protocol::close_code code, std::string_view reason) {
  auto said = std::to_string(static_cast<unsigned>(code)) + ' ';
  said.append(protocol::name(code));
  if (!reason.empty())
    said.append(", ").append(reason);
  return said;
}

protocol::hello greeting(const link_config& link, std::uint64_t publisher) {
  protocol::hello hello;
  hello.heartbeat = std::chrono::ceil<std::chrono::milliseconds>(link.heartbeat.interval);
  hello.publisher = publisher;
  hello.name = link.name;
  hello.window = link.window;
  return hello;
}

}  // namespace

connection_state::connection_state(connection_actor::pointer self) : dialed_connection(self) {}

void connection_state::open(connection_config config,
                            const std::shared_ptr<client_session>& session,
                            reconnect_supervisor_actor supervisor) {
  session_ = session.get();
  start(std::move(config), session, std::move(supervisor));
}

void connection_state::on_connected() {
  stage_ = stage::handshaking;
  deadline_.start(config_.link->handshake_deadline);
  const auto hello = protocol::encode_hello(greeting(*config_.link, session_->publisher()));
  if (!socket_->send(protocol::encode_preface().bytes(), lane::bulk) ||
      !socket_->send(hello.bytes(), lane::bulk))
    return go_down(errc::send_overflow, {});
  socket_->attach(socket_inlet_);
}

void connection_state::on_bytes(protocol::byte_view bytes) {
  if (stage_ == stage::open && !carries_link())
    return;  // given up: the link has gone on, and the exit is on its way
  const auto broken =
      reader_.feed(bytes, session_->delivery(),
                   [this](const frame_reader::body& body) { return on_body(body); });
  if (stage_ == stage::open) {
    session_->flush();
    session_->delivery().acknowledge();
  }
  if (broken)
    return break_off(*broken);
  if (farewell_) {
    const bool terminal = !protocol::is_retryable(farewell_->code);
    go_down(terminal ? errc::rejected : errc::peer_closed,
            words(farewell_->code, farewell_->reason), terminal);
  }
}

auto connection_state::on_body(const frame_reader::body& body) -> outcome {
  if (farewell_)
    return std::nullopt;  // nothing that follows a close is meant
  switch (body.type) {
    case protocol::frame_type::welcome:
      return on_welcome(body.bytes);
    case protocol::frame_type::ping:
      return on_ping(body.bytes);
    case protocol::frame_type::pong:
      return on_pong(body.bytes);
    case protocol::frame_type::ack:
      return session_->delivery().on_ack(body.bytes);
    case protocol::frame_type::goaway:
      return on_goaway(body.bytes);
    case protocol::frame_type::close:
      return on_close(body.bytes);
    default:
      return session_->take(body);
  }
}

auto connection_state::on_welcome(protocol::byte_view body) -> outcome {
  if (stage_ != stage::handshaking)
    return protocol::violation{protocol::close_code::protocol_error, "a second welcome"};
  auto welcome = protocol::parse_welcome(body);
  if (!welcome)
    return std::move(welcome).error();
  stage_ = stage::open;
  deadline_.stop();
  reader_.open({protocol::max_frame_bytes, protocol::default_message_bytes});
  session_->begin(config_.attempt, *socket_, *welcome, config_.link->window);
  self_->send(supervisor_, connection_up{config_.attempt, welcome->heartbeat});
  return std::nullopt;
}

auto connection_state::on_ping(protocol::byte_view body) -> outcome {
  auto ping = protocol::parse_ping(body);
  if (!ping)
    return std::move(ping).error();
  session_->delivery().pong(ping->nonce);
  return session_->delivery().on_acknowledged(ping->received);
}

auto connection_state::on_pong(protocol::byte_view body) -> outcome {
  auto pong = protocol::parse_pong(body);
  if (!pong)
    return std::move(pong).error();
  if (pinger_)
    self_->send(pinger_, pong_received{pong->nonce});
  return session_->delivery().on_acknowledged(pong->received);
}

auto connection_state::on_goaway(protocol::byte_view body) -> outcome {
  auto goaway = protocol::parse_goaway(body);
  if (!goaway)
    return std::move(goaway).error();
  return_within_ = goaway->return_window;
  return std::nullopt;
}

auto connection_state::on_close(protocol::byte_view body) -> outcome {
  auto farewell = protocol::parse_close(body);
  if (!farewell)
    return std::move(farewell).error();
  farewell_ = std::move(*farewell);
  return std::nullopt;
}

void connection_state::on_timer(const timer_signal&) {
  if (stage_ == stage::closing)
    self_->quit();
  else
    go_down(errc::handshake_timeout, {});
}

void connection_state::ping(const ping_request& request) {
  pinger_ = request.from;
  if (carries_link())
    session_->delivery().ping(request.nonce);
}

/// The node broke the protocol, or the app is too slow: the node is told, and this connection is of
/// no more use.
void connection_state::break_off(const protocol::violation& broken) {
  const auto why = broken.code == protocol::close_code::slow_consumer ? errc::receive_overflow
                                                                      : errc::protocol_violation;
  self_->send(supervisor_, connection_down{config_.attempt, why, words(broken.code, broken.reason),
                                           false, return_within_});
  close(broken.code, broken.reason);
}

void connection_state::say_farewell(protocol::close_code code, std::string_view reason) {
  static_cast<void>(socket_->send(protocol::encode_close(code, reason).bytes(), lane::bulk));
}

connection_actor::behavior_type connection(
    connection_actor::stateful_pointer<connection_state> self, connection_config config,
    std::shared_ptr<client_session> session, reconnect_supervisor_actor supervisor) {
  self->state.open(std::move(config), session, std::move(supervisor));
  return reactions(self->state);
}

}  // namespace byssus
