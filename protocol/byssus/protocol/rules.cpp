#include "byssus/protocol/rules.hpp"

#include <string>

namespace byssus::protocol {

namespace {

bool client_may_send(frame_type type) noexcept {
  switch (type) {
    case frame_type::subscribe:
    case frame_type::unsubscribe:
    case frame_type::publish:
      return true;
    default:
      return false;
  }
}

bool node_may_send(frame_type type) noexcept {
  switch (type) {
    case frame_type::goaway:
    case frame_type::subscribed:
    case frame_type::receipt:
    case frame_type::message:
    case frame_type::gap:
      return true;
    default:
      return false;
  }
}

bool both_may_send(frame_type type) noexcept {
  switch (type) {
    case frame_type::ping:
    case frame_type::pong:
    case frame_type::ack:
    case frame_type::close:
    case frame_type::direct:
    case frame_type::call:
    case frame_type::reply:
    case frame_type::error:
    case frame_type::presence:
      return true;
    default:
      return !is_known(type) && is_ignorable(type);
  }
}

bool may_send(side sender, phase now, frame_type type) noexcept {
  if (now == phase::handshaking) {
    const auto greeting = sender == side::client ? frame_type::hello : frame_type::welcome;
    return type == greeting || type == frame_type::close;
  }
  return both_may_send(type) ||
         (sender == side::client ? client_may_send(type) : node_may_send(type));
}

}  // namespace

std::optional<violation> check_turn(side sender, phase now, frame_type type) {
  if (may_send(sender, now, type)) {
    return std::nullopt;
  }
  return violation{close_code::protocol_error,
                   std::string{name(type)} + " from the " +
                       (sender == side::client ? "client" : "node") +
                       (now == phase::handshaking ? " before welcome" : " after the handshake")};
}

}  // namespace byssus::protocol
