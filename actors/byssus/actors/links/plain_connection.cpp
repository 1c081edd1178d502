#include "byssus/actors/links/plain_connection.hpp"

#include "byssus/protocol/handshake.hpp"
#include "byssus/protocol/names.hpp"
#include "byssus/protocol/payload.hpp"

#include <caf/send.hpp>

#include <utility>

namespace byssus {

protocol::frame plain_farewell(protocol::close_code code, std::string_view reason) {
  auto line = "closed: " + std::to_string(static_cast<unsigned>(code)) + ' ';
  line.append(protocol::name(code)).append(", ").append(reason);
  return protocol::encode_plain_line({}, line);
}

plain_connection_state::plain_connection_state(accepted_connection_actor::pointer self)
    : self_(self),
      socket_inlet_(self),
      timer_inlet_(self),
      silence_(self),
      patience_(reactor::of(self).timers(), timer_inlet_),
      deadline_(reactor::of(self).timers(), timer_inlet_) {}

plain_connection_state::~plain_connection_state() {
  leave_rooms();
  if (node_)
    node_->connections.erase(caf::strong_actor_ptr{self_->ctrl()});
}

void plain_connection_state::open(std::shared_ptr<node_part> node, plain_admission& stranger) {
  node_ = std::move(node);
  node_->connections.insert(caf::strong_actor_ptr{self_->ctrl()});
  ++node_->counts.plain;
  seat_ = std::move(stranger.seat);
  listening_ = std::move(stranger.listening);
  socket_ = std::move(stranger.socket);
  if (stranger.closed)
    return self_->quit();
  name_ = node_->next_guest();
  id_ = node_->rooms->enroll(*this);
  node_->rooms->subscribe(id_, node_->rules.lobby);
  socket_->attach(socket_inlet_);
  if (!stranger.read.empty())
    on_bytes(stranger.read);
  if (stranger.ended)
    on_ended();
  if (node_->stopping)
    close(protocol::close_code::going_away, "the node stops");
}

void plain_connection_state::on_transport(const transport_signal& signal) {
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

void plain_connection_state::on_bytes(protocol::byte_view bytes) {
  if (!has_spoken_ && bytes.front() == protocol::preface.front())
    return turn_back(bytes);
  has_spoken_ = true;
  listening_.give_back();
  silence_.seen(node_->home->now());
  settle(reader_.feed(bytes, [this](const protocol::plain_event& event) { on_event(event); }));
}

/// He has said all that he wants to say, as `printf ping | nc` does: he gets his answer, and no
/// line about the end.
void plain_connection_state::on_ended() {
  if (stage_ == stage::open)
    reader_.flush([this](const protocol::plain_event& event) { on_event(event); });
  close(protocol::close_code::going_away, {});
}

void plain_connection_state::on_event(const protocol::plain_event& event) {
  if (event.what == protocol::plain_event::kind::answer)
    return answer(event.text);
  const auto line = protocol::one_line(event.text, protocol::max_plain_line_bytes);
  node_->rooms->publish(
      id_, {0, 0, protocol::content_kind::text, node_->rules.lobby, protocol::as_bytes(line)});
}

void plain_connection_state::answer(std::string_view pongs) {
  const auto& rules = node_->rules;
  for (std::size_t pong = 0; pong < pongs.size() && !broken_; pong += sizeof("pong") - 1) {
    if (!pings_.take(node_->home->now(), rules.ping_burst, rules.ping_every))
      broken_ = {protocol::close_code::ping_flood, "pings come faster than any heartbeat needs"};
  }
  if (broken_)
    return;
  if (!silence_.entered())
    node_->reaping->enter(silence_, rules.plain_heartbeat, node_->home->now());
  was_told_ = true;
  if (!socket_->send(protocol::as_bytes(pongs), lane::urgent))
    broken_ = {protocol::close_code::slow_consumer, "the client does not read its pongs"};
}

void plain_connection_state::settle(const std::optional<protocol::violation>& broken) {
  if (const auto& reason = broken ? broken : broken_)
    return close(reason->code, reason->reason);
  if (reader_.wants_timer())
    patience_.start(protocol::plain_patience);
  else
    patience_.stop();
}

/// A late preface: he is no plain client after all, and the door begins with him anew. If lines
/// were written to him it is too late for that, since he would take them for frames.
void plain_connection_state::turn_back(protocol::byte_view bytes) {
  if (was_told_)
    return close(protocol::close_code::hello_timeout, "the preface came after lines were sent");
  if (node_->door == nullptr)
    return close(protocol::close_code::going_away, "the node stops");
  if (auto socket = socket_->release())
    node_->door->readmit(std::move(socket), {bytes.begin(), bytes.end()}, std::move(seat_));
  stage_ = stage::closing;
  self_->quit();
}

void plain_connection_state::on_timer(const timer_signal& signal) {
  if (signal.expired == &deadline_)
    return self_->quit();
  reader_.flush([this](const protocol::plain_event& event) { on_event(event); });
  settle(std::nullopt);
}

void plain_connection_state::on_room_message(const room_delivery& delivery, bool own) {
  if (own || !delivery.line || stage_ == stage::closing)
    return;
  was_told_ = true;
  const auto line = delivery.line.bytes();
  const bool fits = socket_->unsent_bytes() + line.size() <= node_->rules.most_waiting_bytes;
  if ((fits && socket_->send(line, lane::bulk)) || broken_)
    return;
  broken_ = {protocol::close_code::slow_consumer,
             "more was waiting for the client than the node keeps"};
  caf::anon_send(caf::actor_cast<accepted_connection_actor>(self_),
                 close_request{broken_->code, broken_->reason});
}

void plain_connection_state::close(protocol::close_code code, std::string_view reason) {
  if (stage_ == stage::closing)
    return;
  stage_ = stage::closing;
  leave_rooms();
  patience_.stop();
  silence_.leave();
  if (code != protocol::close_code::going_away)
    node_->note_closing(socket_->peer(), code, reason);
  if (!reason.empty() && !socket_->send(plain_farewell(code, reason).bytes(), lane::urgent))
    return self_->quit();
  socket_->close();
  deadline_.start(node_->rules.closing_deadline);
}

void plain_connection_state::leave_rooms() noexcept {
  if (node_ && id_ != 0)
    node_->rooms->dismiss(std::exchange(id_, 0));
}

accepted_connection_actor::behavior_type plain_connection(
    accepted_connection_actor::stateful_pointer<plain_connection_state> self,
    std::shared_ptr<node_part> node, std::shared_ptr<plain_admission> stranger) {
  self->state.open(std::move(node), *stranger);
  return {
      [self](const transport_signal& signal) -> unanswered {
        self->state.on_transport(signal);
        return {};
      },
      [self](const close_request& request) { self->state.close(request.code, request.reason); },
      [self](const timer_signal& signal) { self->state.on_timer(signal); },
  };
}

}  // namespace byssus
