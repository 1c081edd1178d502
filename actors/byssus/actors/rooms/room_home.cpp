#include "byssus/actors/rooms/room_home.hpp"

#include "byssus/protocol/fragments.hpp"
#include "byssus/protocol/limits.hpp"
#include "byssus/protocol/plain.hpp"

#include <algorithm>
#include <utility>

namespace byssus {

room_home::room_home(shard_router& shards, random_source& random, std::size_t longest_frame)
    : shards_(&shards), random_(&random), longest_frame_(longest_frame) {}

room_home::room& room_home::open(const std::string& name) {
  auto [found, fresh] = rooms_.try_emplace(name);
  if (fresh)
    found->second.last.epoch = random_->next() & protocol::max_number;
  return found->second;
}

void room_home::forget_if_empty(const std::string& name) {
  const auto found = rooms_.find(name);
  if (found != rooms_.end() && found->second.shards.empty() && found->second.members == 0)
    rooms_.erase(found);
}

void room_home::attach(std::size_t shard, const shard_attached& event) {
  auto& to = open(event.room);
  if (std::find(to.shards.begin(), to.shards.end(), shard) == to.shards.end())
    to.shards.push_back(shard);
  shards_->route(shard, shard_admitted{event.room, event.life, to.last});
}

void room_home::detach(std::size_t shard, const shard_detached& event) {
  std::erase(open(event.room).shards, shard);
  forget_if_empty(event.room);
}

void room_home::join(const member_joined& event) {
  auto& to = open(event.room);
  ++to.names[event.name];
  ++to.members;
}

void room_home::leave(const member_left& event) {
  auto& from = open(event.room);
  const auto named = from.names.find(event.name);
  if (named != from.names.end()) {
    --from.members;
    if (--named->second == 0)
      from.names.erase(named);
  }
  forget_if_empty(event.room);
}

void room_home::publish(const message_published& event) {
  auto& to = open(event.room);
  ++to.last.offset;
  if (!to.shards.empty()) {
    const auto delivery = encode(to, event);
    for (const auto shard : to.shards)
      shards_->route(shard, delivery);
  }
  if (event.number != 0)
    shards_->route(event.origin.reactor,
                   publish_confirmed{event.origin, {event.number, event.room, to.last}});
  forget_if_empty(event.room);
}

void room_home::tell_presence(const presence_asked& event) {
  protocol::presence there{event.room, 0, {}};
  if (const auto found = rooms_.find(event.room); found != rooms_.end()) {
    there.count = found->second.members;
    for (const auto& [name, count] : found->second.names) {
      if (there.names.size() == protocol::max_presence_names)
        break;
      there.names.push_back(name);
    }
  }
  shards_->route(event.asker.reactor, presence_told{event.asker, std::move(there)});
}

room_delivery room_home::encode(const room& to, const message_published& event) const {
  room_delivery delivery{event.room, to.last, event.origin, {}, {}};
  const protocol::message_view view{to.last.offset, event.kind, event.room, event.sender,
                                    protocol::as_bytes(event.payload)};
  delivery.frames = protocol::split(view, longest_frame_);
  if (event.kind == protocol::content_kind::text)
    delivery.line = protocol::encode_plain_line(event.sender, event.payload);
  return delivery;
}

}  // namespace byssus
