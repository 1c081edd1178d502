#pragma once

#include "byssus/actors/links/closing_log.hpp"
#include "byssus/actors/links/inline_service.hpp"
#include "byssus/actors/links/interfaces.hpp"
#include "byssus/actors/links/node_census.hpp"
#include "byssus/actors/links/place.hpp"
#include "byssus/actors/links/reap_wheel.hpp"
#include "byssus/actors/ports/reactor.hpp"
#include "byssus/actors/rooms/room_table.hpp"
#include "byssus/protocol/handshake.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/local_actor.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace byssus {

/// What a node grants every connection. All durations > 0.
struct node_rules {
  /// More than the heads and headers of a message's frames are long in all.
  static constexpr std::size_t most_head_bytes = 1024;

  /// Features, heartbeat bounds, limits and window that `negotiate` offers. `limits.message_bytes`
  /// is also the longest payload of a reply and of what the node itself says. All frames of a
  /// message wait at the same time, so it fits, with `most_head_bytes`, into `most_waiting_bytes`,
  /// and into `default_message_bytes`, which is all that clients take.
  protocol::offer offer = {.limits = {.message_bytes = 768 * 1024}};
  /// Where plain clients talk. A valid room name.
  std::string lobby = "lobby";
  /// What may wait for one client, in bytes, before it is closed as a slow consumer. Below the
  /// transport's own bound by at least a close frame.
  std::size_t most_waiting_bytes = 960 * 1024;
  /// From the beginning of a frame or message to its end.
  duration frame_deadline = std::chrono::seconds{30};
  /// From our close frame to the end of the socket.
  duration closing_deadline = std::chrono::seconds{2};
  /// The heartbeat that plain clients are held to, once they have pinged.
  duration plain_heartbeat = std::chrono::seconds{5};
  /// Pings that may come at once; a connection that sends more is closed with `ping_flood`. ≥ 1.
  std::uint32_t ping_burst = 32;
  /// How long each of these takes to be granted anew: 20 a second for as long as one likes.
  duration ping_every = std::chrono::milliseconds{50};
  /// Log lines about connections that were closed for their peers' fault, on each reactor. ≥ 1.
  std::size_t closing_lines_a_second = 20;
};

/// Empty if `rules` can be followed, or what is wrong with which field.
std::string validate(const node_rules& rules);

/// What a node's reactor has seen, for statistics and tests.
struct node_counts {
  std::uint64_t accepted = 0;       ///< strangers at the door
  std::uint64_t admitted = 0;       ///< framed connections that were welcomed
  std::uint64_t plain = 0;          ///< plain connections
  std::uint64_t refused = 0;        ///< strangers that were turned away, whatever the reason
  std::size_t sockets = 0;          ///< connected now, strangers included
  std::size_t strangers = 0;        ///< at the door now
  std::size_t plain_listeners = 0;  ///< plain clients now that have never said a word

  /// Adds those of another reactor.
  node_counts& operator+=(const node_counts& other) noexcept;
};

/// Takes a socket back whose first bytes came late; the door.
class reception {
public:
  /// `read` is what has been read of it already, `seat` its place among the node's sockets.
  virtual void readmit(std::unique_ptr<detached_socket> stranger, std::vector<std::byte> read,
                       place seat) = 0;

protected:
  ~reception() = default;
};

/// One reactor's part of a node: what all its connections share. Passive; used on the reactor's
/// thread, except where a node makes it. Outlives its connections, who share it.
struct node_part {
  /// `on` outlives it. @pre `validate(given)` is empty; `table` and `wheel` are of that reactor.
  node_part(reactor& on, node_rules given, std::shared_ptr<room_table> table,
            std::shared_ptr<reap_wheel> wheel)
      : home(&on),
        rules(std::move(given)),
        rooms(std::move(table)),
        reaping(std::move(wheel)),
        closings(*home, rules.closing_lines_a_second) {}

  reactor* home;                        ///< where its connections live
  node_rules rules;                     ///< the same on every reactor of the node
  std::shared_ptr<room_table> rooms;    ///< shared with this reactor's ROOM
  std::shared_ptr<reap_wheel> reaping;  ///< shared with this reactor's REAPER
  inline_services services;             ///< of the app, by name
  closing_log closings;                 ///< see `note_closing`
  node_counts counts;                   ///< of this reactor alone
  std::shared_ptr<node_census> census = std::make_shared<node_census>();  ///< of the whole node
  reception* door = nullptr;     ///< null once the node no longer admits anybody
  bool stopping = false;         ///< a connection that opens now closes at once
  std::uint64_t last_guest = 0;  ///< counts the names that `next_guest` gave

  /// Connections of this reactor, each entered and taken out by its own state. These handles keep
  /// them alive: nobody else has one, and CAF destroys an idle actor that nobody can reach.
  std::unordered_set<caf::strong_actor_ptr> connections;

  /// Is posted once the last socket of a stopping node is gone.
  std::function<void()> when_deserted;

  /// From now on the node is stopping: asks every connection to close, those to come included.
  void close_all(protocol::close_code code, const std::string& reason);

  /// Claims that the whole node has no place of that kind left, of `most`.
  bool is_full(std::size_t most, place_kind kind) const noexcept {
    return census->of(kind) >= most;
  }

  /// How many are taken here.
  std::size_t& taken(place_kind kind) noexcept;

  /// INTERNAL: a place was given back.
  void tell_if_deserted();

  /// Names a client who did not name himself; no other client of the node has that name by choice
  /// of the node.
  std::string next_guest();

  /// Writes the one log line that a connection gets which this node closes for the peer's fault.
  void note_closing(const std::string& peer, protocol::close_code code, std::string_view reason);
};

}  // namespace byssus
