#include "byssus/actors/links/node_session.hpp"

#include "byssus/protocol/control.hpp"
#include "byssus/protocol/fragments.hpp"
#include "byssus/protocol/payload.hpp"

#include <caf/send.hpp>

#include <array>
#include <cstddef>
#include <exception>
#include <span>
#include <utility>

namespace byssus {

/// Answers one call, once.
class node_session::call_answer final : public service_answer {
public:
  call_answer(node_session& to, std::uint64_t id) noexcept : to_(&to), id_(id) {}

  void reply(content kind, std::string_view payload) override {
    if (answered_)
      return;
    if (payload.size() > to_->node_->rules.offer.limits.message_bytes)
      return refuse("too_large", "the reply is longer than messages may be at this node");
    answered_ = true;
    const protocol::reply_view said{id_, static_cast<protocol::content_kind>(kind),
                                    protocol::as_bytes(payload)};
    std::array<std::byte, 1024> space;
    const auto size = protocol::encode_reply_into(space, said);
    if (size > 0 && to_->send_now(std::span{space}.first(size)))
      return;
    for (const auto& frame : protocol::split(said, protocol::max_frame_bytes))
      to_->send(frame);
  }

  void refuse(std::string_view code, std::string_view reason) override {
    if (std::exchange(answered_, true))
      return;
    auto said = error_of(code, reason);
    if (!said)
      said = error_of("failed", "the service refused with a code that is no word");
    to_->send(said);
  }

private:
  protocol::frame error_of(std::string_view code, std::string_view reason) const {
    return protocol::encode_error({"call", id_, {}, std::string{code}, std::string{reason}});
  }

  node_session* to_;
  std::uint64_t id_;
  bool answered_ = false;
};

node_session::node_session(accepted_connection_actor::pointer owner)
    : owner_(owner), delivery_(reactor::of(owner).timers()) {}

node_session::~node_session() {
  end();
}

void node_session::begin(node_part& node, transport& socket, const protocol::window& ours,
                         const protocol::window& theirs, std::string name) {
  name_ = std::move(name);
  delivery_.begin(socket, ours, theirs, node.rules.most_waiting_bytes);
  node_ = &node;
  id_ = node_->rooms->enroll(*this);
}

void node_session::end() noexcept {
  if (auto* node = std::exchange(node_, nullptr))
    node->rooms->dismiss(id_);
  delivery_.end();
}

std::optional<protocol::violation> node_session::take(const frame_reader::body& request) {
  delivery_.on_handed(request.frames, request.frame_bytes);
  switch (request.type) {
    case protocol::frame_type::publish:
      return publish(request.bytes);
    case protocol::frame_type::subscribe:
      return subscribe(request.bytes);
    case protocol::frame_type::unsubscribe:
      return unsubscribe(request.bytes);
    case protocol::frame_type::presence:
      return presence(request.bytes);
    case protocol::frame_type::call:
      return call(request.bytes);
    case protocol::frame_type::direct:
      return refuse("direct", {}, "not_supported", "this node carries no direct messages");
    case protocol::frame_type::reply:
      return refuse("reply", {}, "no_such_call", "this node calls nobody");
    default:
      return std::nullopt;  // ignorable by its type, or `check_turn` had not let it pass
  }
}

auto node_session::subscribe(protocol::byte_view body) -> outcome {
  auto request = protocol::parse_subscribe(body);
  if (!request)
    return std::move(request).error();
  switch (node_->rooms->subscribe(id_, request->room)) {
    case room_verdict::done:
      return std::nullopt;
    case room_verdict::already_there:
      return refuse("subscribe", request->room, "already_subscribed",
                    "the session is in that room already");
    case room_verdict::too_many_rooms:
    case room_verdict::not_there:
      break;
  }
  return refuse("subscribe", request->room, "too_many_rooms", "a session may be in no more rooms");
}

auto node_session::unsubscribe(protocol::byte_view body) -> outcome {
  auto request = protocol::parse_unsubscribe(body);
  if (!request)
    return std::move(request).error();
  if (node_->rooms->unsubscribe(id_, request->room) == room_verdict::done)
    return std::nullopt;
  return refuse("unsubscribe", request->room, "not_subscribed", "the session is not in that room");
}

auto node_session::publish(protocol::byte_view body) -> outcome {
  auto request = protocol::parse_publish(body);
  if (!request)
    return std::move(request).error();
  node_->rooms->publish(id_, *request);
  return std::nullopt;
}

auto node_session::presence(protocol::byte_view body) -> outcome {
  auto request = protocol::parse_presence_request(body);
  if (!request)
    return std::move(request).error();
  node_->rooms->ask_presence(id_, request->room);
  return std::nullopt;
}

auto node_session::call(protocol::byte_view body) -> outcome {
  auto request = protocol::parse_call(body);
  if (!request)
    return std::move(request).error();
  call_answer answer{*this, request->id};
  const auto service = node_->services.find(request->name);
  if (service == node_->services.end()) {
    answer.refuse("no_such_service", "this node has no service of that name");
    return std::nullopt;
  }
  try {
    service->second({request->name, name_, static_cast<content>(request->kind),
                     protocol::as_text(request->payload)},
                    answer);
  } catch (const std::exception& failure) {
    note_failure(service->first, failure.what());
  } catch (...) {
    note_failure(service->first, "it threw something that is no std::exception");
  }
  answer.refuse("failed", "the service gave no answer");
  return std::nullopt;
}

void node_session::note_failure(const std::string& service, std::string_view why) {
  node_->home->journal().write(severity::error,
                               "service " + service + " failed: " + std::string{why});
}

auto node_session::refuse(std::string_view about, std::string_view room, std::string_view code,
                          std::string_view reason) -> outcome {
  send(protocol::encode_error(
      {std::string{about}, 0, std::string{room}, std::string{code}, std::string{reason}}));
  return std::nullopt;
}

void node_session::on_subscribed(const protocol::subscribed& confirmed) {
  send(protocol::encode_subscribed(confirmed));
}

void node_session::on_room_message(const room_delivery& delivery, bool) {
  for (const auto& frame : delivery.frames)
    send(frame);
}

void node_session::on_receipt(const protocol::receipt& placed) {
  send(protocol::encode_receipt(placed));
}

void node_session::on_presence(const protocol::presence& there) {
  send(protocol::encode_presence(there));
}

/// After a frame that was refused nothing more goes out: the client would take it for the next.
bool node_session::send_now(protocol::byte_view counted) {
  return !overrun_ && delivery_.send_now(counted);
}

void node_session::send(const protocol::frame& counted) {
  if (overrun_ || delivery_.send(counted) != sent::refused || !delivery_.connected())
    return;
  overrun_ = true;
  caf::anon_send(caf::actor_cast<accepted_connection_actor>(owner_),
                 close_request{protocol::close_code::slow_consumer,
                               "more was waiting for the client than the node keeps"});
}

}  // namespace byssus
