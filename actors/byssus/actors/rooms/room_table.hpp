#pragma once

#include "byssus/actors/ports/reactor.hpp"
#include "byssus/actors/rooms/interfaces.hpp"
#include "byssus/actors/rooms/room_home.hpp"
#include "byssus/actors/rooms/room_subscriber.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace byssus {

/// What a room table did with a request of a subscriber.
enum class room_verdict : std::uint8_t { done, already_there, not_there, too_many_rooms };

/// A reactor's part of all rooms: its subscribers by room (the shards), and the home of the rooms
/// that belong here. Passive and used on its reactor's thread; shared by that reactor's ROOM and
/// its connections. Calls go straight through to subscribers on the same reactor; what is for other
/// reactors is gathered during a turn of the loop and leaves as one message to each when the turn
/// ends.
class room_table final : private shard_router, private turn_listener {
public:
  /// What one reactor's table is to be; the same in a whole node but for the index.
  struct config {
    std::size_t index = 0;                   ///< this reactor's number in its node
    std::size_t most_rooms_each = 64;        ///< rooms that one subscriber may be in, 1 to 10,000
    std::size_t longest_frame = 256 * 1024;  ///< bytes, as the protocol's limits
  };

  /// `home` outlives it. Until `meet` it is the home of every room.
  room_table(reactor& home, const config& settings);
  ~room_table();
  room_table(const room_table&) = delete;
  room_table& operator=(const room_table&) = delete;

  /// Names the ROOMs of all reactors of the node, by index, this one's included. Called once,
  /// before any subscriber.
  void meet(std::vector<room_actor> rooms);

  /// Parts from the other ROOMs, when the node stops.
  void part() noexcept;

  /// Takes `who` in; he outlives his `dismiss`.
  subscriber_id enroll(room_subscriber& who);

  /// Lets him leave all his rooms; nothing reaches him from then on.
  void dismiss(subscriber_id who);

  /// Lets him into `room`: `done`, `already_there` or `too_many_rooms`. After `done` his
  /// `on_subscribed` follows, before the call returns if the room's home is here or has admitted
  /// this reactor's shard before. @pre he is enrolled; `room` is a valid name.
  room_verdict subscribe(subscriber_id who, const std::string& room);
  /// Lets him out of `room`: `done` or `not_there`. Nothing of that room reaches him from then on.
  /// @pre he is enrolled.
  room_verdict unsubscribe(subscriber_id who, std::string_view room);

  /// Gives the payload to the room's home. `number` 0 asks for no receipt.
  void publish(subscriber_id who, const protocol::publish_view& said);

  /// The node itself says `payload` in `room`: a message without a sender, for all who are there.
  void speak(std::string room, protocol::content_kind kind, std::string payload);

  /// Asks the room's home who is there; his `on_presence` follows. He need not be there himself.
  void ask_presence(subscriber_id who, const std::string& room);

  /// Applies what another reactor's ROOM sent.
  void apply(const room_batch& batch);

  /// This reactor's number in its node.
  std::size_t index() const noexcept { return settings_.index; }

  /// Enrolled on this reactor, in rooms or not.
  std::size_t subscribers() const noexcept { return members_.size(); }
  /// Rooms with subscribers on this reactor.
  std::size_t shards() const noexcept { return shards_.size(); }
  /// Rooms whose home is here and which somebody on any reactor is in.
  std::size_t homes() const noexcept { return homes_.rooms(); }

private:
  struct shard;

  /// A subscriber's seat in a shard: which, and where in its list.
  struct seat {
    shard* in = nullptr;
    std::size_t index = 0;
  };

  struct member {
    room_subscriber* who = nullptr;
    std::vector<seat> seats;
  };

  struct shard {
    std::string room;
    std::vector<subscriber_id> ids;  ///< beside `present`, to find a moved member's seat
    std::vector<room_subscriber*> present;
    std::uint64_t life = 0;  ///< tells an answer to this shard from one to its forerunner
    bool admitted = false;   ///< the home has answered; before, nobody is confirmed
    protocol::position last;
  };

  std::size_t home_of(std::string_view room) const noexcept;
  void route(std::size_t to, room_event event) override;
  void on_turn_end() override;
  void apply(std::size_t from, const room_event& event);

  void on(std::size_t from, const shard_attached& event) { homes_.attach(from, event); }
  void on(std::size_t from, const shard_detached& event) { homes_.detach(from, event); }
  void on(std::size_t, const member_joined& event) { homes_.join(event); }
  void on(std::size_t, const member_left& event) { homes_.leave(event); }
  void on(std::size_t, const message_published& event) { homes_.publish(event); }
  void on(std::size_t, const presence_asked& event) { homes_.tell_presence(event); }
  void on(std::size_t from, const shard_admitted& event);
  void on(std::size_t from, const room_delivery& event);
  void on(std::size_t from, const publish_confirmed& event);
  void on(std::size_t from, const presence_told& event);

  void give_up(member& leaving, std::size_t seat_number);

  reactor* home_;
  config settings_;
  room_home homes_;
  std::vector<room_actor> rooms_;
  std::vector<std::vector<room_event>> outgoing_;  ///< by reactor, since the turn began
  bool deferred_ = false;
  subscriber_id last_id_ = 0;
  std::uint64_t shard_lives_ = 0;
  std::unordered_map<subscriber_id, member> members_;
  std::unordered_map<std::string, shard> shards_;
};

}  // namespace byssus
