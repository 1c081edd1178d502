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

  void attach(std::size_t shard, const shard_attached& event);
  void detach(std::size_t shard, const shard_detached& event);
  void join(const member_joined& event);
  void leave(const member_left& event);
  void publish(const message_published& event);
  void tell_presence(const presence_asked& event);

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
