#include "byssus/actors/links/node_part.hpp"

#include "byssus/protocol/names.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace byssus {

std::string validate(const node_rules& rules) {
  if (!protocol::is_valid_name(rules.lobby))
    return "lobby: the name " + std::string{protocol::flaw_in_name(rules.lobby)};
  if (rules.most_waiting_bytes < protocol::max_frame_bytes)
    return "most_waiting_bytes: must hold one frame at least, 262144 bytes";
  const auto longest = rules.offer.limits.message_bytes + node_rules::most_head_bytes;
  if (longest > std::min(rules.most_waiting_bytes, protocol::default_message_bytes))
    return "offer.limits.message_bytes: must, with 1024 bytes for heads, be within "
           "most_waiting_bytes and 1048576";
  if (rules.frame_deadline <= duration{0} || rules.closing_deadline <= duration{0})
    return "frame_deadline, closing_deadline: must be above zero";
  if (rules.plain_heartbeat <= duration{0} || rules.ping_every <= duration{0} ||
      rules.ping_burst == 0)
    return "plain_heartbeat, ping_every, ping_burst: must be above zero";
  if (rules.closing_lines_a_second == 0)
    return "closing_lines_a_second: must be above zero";
  return {};
}

node_counts& node_counts::operator+=(const node_counts& other) noexcept {
  accepted += other.accepted;
  admitted += other.admitted;
  plain += other.plain;
  refused += other.refused;
  sockets += other.sockets;
  strangers += other.strangers;
  plain_listeners += other.plain_listeners;
  return *this;
}

void node_part::close_all(protocol::close_code code, const std::string& reason) {
  stopping = true;
  for (const auto& connection : connections)
    caf::anon_send(caf::actor_cast<accepted_connection_actor>(connection),
                   close_request{code, reason});
}

std::string node_part::next_guest() {
  return "guest-" + std::to_string(rooms->index() + 1) + '-' + std::to_string(++last_guest);
}

void node_part::note_closing(const std::string& peer, protocol::close_code code,
                             std::string_view reason) {
  closings.note(peer, code, reason);
}

std::size_t& node_part::taken(place_kind kind) noexcept {
  switch (kind) {
    case place_kind::stranger:
      return counts.strangers;
    case place_kind::listener:
      return counts.plain_listeners;
    case place_kind::socket:
      break;
  }
  return counts.sockets;
}

void node_part::tell_if_deserted() {
  if (stopping && counts.sockets == 0 && when_deserted)
    home->post(std::exchange(when_deserted, nullptr));
}

}  // namespace byssus
