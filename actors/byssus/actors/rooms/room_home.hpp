#pragma once

#include "byssus/actors/ports/random_source.hpp"
#include "byssus/actors/rooms/room_events.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace byssus {

/// Where a home's answers go: to the shard on reactor `to`.
class shard_router {
public:
  /// Called from within the home, on its thread, in the order of offsets; what it does at once must
  /// not call the home back.
  virtual void route(std::size_t to, room_event event) = 0;

protected:
  ~shard_router() = default;
};

/// The home of those rooms whose names hash to one reactor: gives each message its offset, knows
/// which reactors have subscribers, and who is there. A room that all have left is forgotten; if it
/// comes back, it has another epoch. Passive; owned by that reactor's `room_table`.
class room_home {
public:
  /// Both outlive the home. `longest_frame` is where a long message is split, in bytes.
  room_home(shard_router& shards, random_source& random, std::size_t longest_frame);

  /// Delivers to `shard` from now on, and answers `shard_admitted`. Attached twice, a shard gets
  /// each message once.
  void attach(std::size_t shard, const shard_attached& event);
  /// Delivers no more to `shard`.
  void detach(std::size_t shard, const shard_detached& event);
  /// One more is there by that name.
  void join(const member_joined& event);
  /// One fewer is; a name that nobody has changes nothing.
  void leave(const member_left& event);
  /// Gives the message the next offset, delivers it to every shard, its origin's included, and then
  /// confirms it if it has a number. Nobody need be in the room.
  void publish(const message_published& event);
  /// Answers `presence_told`: the count of all, and the first `protocol::max_presence_names` names.
  void tell_presence(const presence_asked& event);

  /// Rooms that somebody is in.
  std::size_t rooms() const noexcept { return rooms_.size(); }

private:
  struct room {
    protocol::position last;
    std::vector<std::size_t> shards;             ///< reactors with subscribers
    std::map<std::string, std::uint64_t> names;  ///< several members may have one name
    std::uint64_t members = 0;
  };

  room& open(const std::string& name);
  void forget_if_empty(const std::string& name);
  room_delivery encode(const room& to, const message_published& event) const;

  shard_router* shards_;
  random_source* random_;
  std::size_t longest_frame_;
  std::unordered_map<std::string, room> rooms_;
};

}  // namespace byssus
