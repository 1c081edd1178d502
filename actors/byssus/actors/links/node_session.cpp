#include "byssus/actors/links/node_session.hpp"

#include "byssus/protocol/control.hpp"
#include "byssus/protocol/payload.hpp"

#include <caf/send.hpp>

#include <utility>

namespace byssus {

node_session::node_session(accepted_connection_actor::pointer owner)
    : owner_(owner), delivery_(reactor::of(owner).timers()) {}

node_session::~node_session() {
  end();
}

void node_session::begin(transport& socket, const protocol::window& ours,
                         const protocol::window& theirs, std::size_t most_waiting_bytes,
                         std::shared_ptr<room_table> rooms, std::string name) {
  name_ = std::move(name);
  delivery_.begin(socket, ours, theirs, most_waiting_bytes);
  rooms_ = std::move(rooms);
  id_ = rooms_->enroll(*this);
}

void node_session::end() noexcept {
  if (auto rooms = std::exchange(rooms_, nullptr))
    rooms->dismiss(id_);
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
    case protocol::frame_type::direct:
    case protocol::frame_type::call:
    case protocol::frame_type::reply:
      return refuse(protocol::name(request.type), {}, "no_such_service",
                    "this node has no services");
    default:
      return std::nullopt;  // ignorable by its type, or `check_turn` had not let it pass
  }
}

auto node_session::subscribe(protocol::byte_view body) -> outcome {
  auto request = protocol::parse_subscribe(body);
  if (!request)
    return std::move(request).error();
  switch (rooms_->subscribe(id_, request->room)) {
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
  if (rooms_->unsubscribe(id_, request->room) == room_verdict::done)
    return std::nullopt;
  return refuse("unsubscribe", request->room, "not_subscribed", "the session is not in that room");
}

auto node_session::publish(protocol::byte_view body) -> outcome {
  auto request = protocol::parse_publish(body);
  if (!request)
    return std::move(request).error();
  rooms_->publish(id_, *request);
  return std::nullopt;
}

auto node_session::presence(protocol::byte_view body) -> outcome {
  auto request = protocol::parse_presence_request(body);
  if (!request)
    return std::move(request).error();
  rooms_->ask_presence(id_, request->room);
  return std::nullopt;
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

void node_session::send(const protocol::frame& counted) {
  if (overrun_ || delivery_.send(counted) != sent::refused || !delivery_.connected())
    return;
  overrun_ = true;
  caf::anon_send(caf::actor_cast<accepted_connection_actor>(owner_),
                 close_request{protocol::close_code::slow_consumer,
                               "more was waiting for the client than the node keeps"});
}

}  // namespace byssus
