#pragma once

#include "byssus/actors/links/interfaces.hpp"
#include "byssus/runtime/answer.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace byssus {

/// A room that a link has joined. Cheap to copy; copies mean the same room. Any thread, and from
/// callbacks. Dropping it changes nothing: the link stays in the room until `leave`.
class room_handle {
public:
  /// INTERNAL: apps get theirs from `link::join`.
  room_handle(std::shared_ptr<detail::link_end> end, std::string name,
              std::shared_ptr<detail::answer_slot<joined>> entry)
      : end_(std::move(end)), name_(std::move(name)), entry_(std::move(entry)) {}

  /// The room's name, as it was joined.
  const std::string& name() const noexcept { return name_; }

  /// When the node has confirmed the join for the first time. Waits while the link is not up; fails
  /// with `request_refused` if the node refuses, with `invalid_name` at once if the name is none,
  /// or when the link ends before.
  answer<byssus::joined> joined() const { return answer{entry_}; }

  /// Says `payload` in the room. Comes to the message's place there, or fails: at once with
  /// `errc::not_connected` while the link is not up, with `payload_too_large` if it is beyond what
  /// the node takes, with `window_full` while too much is unacknowledged, and in plain mode with
  /// `wrong_mode`; later with `request_refused` if the node says no (this library's never does),
  /// with `outcome_unknown` when the connection broke before the receipt came.
  answer<receipt> publish(std::string payload, content kind = content::text) const;

  /// Asks the node who is in the room. Fails as `publish` does, with `not_connected` or
  /// `outcome_unknown` for instance.
  answer<room_presence> who() const;

  /// Leaves. From then on no callback for this room is called.
  void leave() const;

private:
  std::shared_ptr<detail::link_end> end_;
  std::string name_;
  std::shared_ptr<detail::answer_slot<byssus::joined>> entry_;
};

}  // namespace byssus
