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

connection_state::connection_state(connection_actor::pointer self)
    : self_(self),
      dial_inlet_(self),
      socket_inlet_(self),
      timer_inlet_(self),
      deadline_(reactor::of(self).timers(), timer_inlet_) {}

connection_state::~connection_state() {
  if (session_ && session_->belongs_to(config_.attempt))
    session_->end();
}

void connection_state::open(connection_config config, std::shared_ptr<client_session> session,
                            reconnect_supervisor_actor supervisor) {
  alive_ = self_;
  config_ = std::move(config);
  session_ = std::move(session);
  supervisor_ = std::move(supervisor);
  dial_ = reactor::of(self_).dialer().start(config_.target, config_.link->dial, dial_inlet_);
}

void connection_state::on_dial(const dial_signal& signal) {
  dial_.reset();
  if (signal.fresh == nullptr)
    return go_down(signal.reason, signal.detail);
  socket_ = std::move(*signal.fresh);
  stage_ = stage::handshaking;
  deadline_.start(config_.link->handshake_deadline);
  const auto hello = protocol::encode_hello(greeting(*config_.link, session_->publisher()));
  if (!socket_->send(protocol::encode_preface().bytes(), lane::bulk) ||
      !socket_->send(hello.bytes(), lane::bulk))
    return go_down(errc::send_overflow, {});
  socket_->attach(socket_inlet_);
}

void connection_state::on_transport(const transport_signal& signal) {
  switch (signal.what) {
    case transport_signal::kind::bytes:
      if (stage_ != stage::closing)
        on_bytes(signal.bytes);
      break;
    case transport_signal::kind::polled:
      on_polled();
      break;
    case transport_signal::kind::ended:
      if (stage_ != stage::closing)
        go_down(errc::peer_ended, {});
      break;
    case transport_signal::kind::closed:
      go_down(signal.reason, {});
      break;
    case transport_signal::kind::drained:
      break;
  }
}

void connection_state::on_bytes(protocol::byte_view bytes) {
  bytes_received_ += bytes.size();
  if (stage_ == stage::open && !session_->belongs_to(config_.attempt))
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
      return on_ack(body.bytes);
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
  return acknowledged(ping->received);
}

auto connection_state::on_pong(protocol::byte_view body) -> outcome {
  auto pong = protocol::parse_pong(body);
  if (!pong)
    return std::move(pong).error();
  if (pinger_)
    self_->send(pinger_, pong_received{pong->nonce});
  return acknowledged(pong->received);
}

auto connection_state::on_ack(protocol::byte_view body) -> outcome {
  auto received = protocol::parse_ack(body);
  if (!received)
    return std::move(received).error();
  return acknowledged(*received);
}

auto connection_state::acknowledged(std::uint64_t received) -> outcome {
  auto newly = session_->delivery().on_acknowledged(received);
  if (!newly)
    return std::move(newly).error();
  return std::nullopt;
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

void connection_state::on_deadline() {
  if (stage_ == stage::closing)
    self_->quit();
  else
    go_down(errc::handshake_timeout, {});
}

void connection_state::ping(const ping_request& request) {
  pinger_ = request.from;
  if (stage_ == stage::open && session_->belongs_to(config_.attempt))
    session_->delivery().ping(request.nonce);
}

void connection_state::poll(const poll_request& request) {
  pollers_.push_back(request.from);
  if (socket_)
    socket_->poll();
  else
    on_polled();
}

void connection_state::on_polled() {
  for (const auto& poller : std::exchange(pollers_, {}))
    self_->send(poller, socket_polled{bytes_received_});
}

/// The node broke the protocol: it is told, and this connection is of no more use.
void connection_state::break_off(const protocol::violation& broken) {
  self_->send(supervisor_,
              connection_down{config_.attempt, errc::protocol_violation,
                              words(broken.code, broken.reason), false, return_within_});
  close(broken.code, broken.reason);
}

void connection_state::close(protocol::close_code code, std::string_view reason) {
  if (stage_ == stage::closing)
    return;
  const bool introduced = stage_ == stage::open || stage_ == stage::handshaking;
  stage_ = stage::closing;
  if (session_->belongs_to(config_.attempt))
    session_->end();
  if (!introduced)
    return self_->quit();
  static_cast<void>(socket_->send(protocol::encode_close(code, reason).bytes(), lane::bulk));
  socket_->close();
  deadline_.start(config_.link->closing_deadline);
}

void connection_state::go_down(errc reason, std::string_view detail, bool terminal) {
  if (stage_ != stage::closing)
    self_->send(supervisor_, connection_down{config_.attempt, reason, std::string{detail}, terminal,
                                             return_within_});
  self_->quit();
}

connection_actor::behavior_type connection(
    connection_actor::stateful_pointer<connection_state> self, connection_config config,
    std::shared_ptr<client_session> session, reconnect_supervisor_actor supervisor) {
  self->state.open(std::move(config), std::move(session), std::move(supervisor));
  return {
      [self](const ping_request& request) { self->state.ping(request); },
      [self](const poll_request& request) { self->state.poll(request); },
      [self](const close_request& request) { self->state.close(request.code, request.reason); },
      [self](const dial_signal& signal) { self->state.on_dial(signal); },
      [self](const transport_signal& signal) { self->state.on_transport(signal); },
      [self](const timer_signal&) { self->state.on_deadline(); },
  };
}

}  // namespace byssus
