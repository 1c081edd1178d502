#include "byssus/actors/rooms/room_table.hpp"

#include "byssus/protocol/bytes.hpp"

#include <caf/send.hpp>

#include <utility>

namespace byssus {

namespace {

/// FNV-1a, 64 bits: the same room has the same home in every process and every run.
std::uint64_t hash_of(std::string_view name) noexcept {
  std::uint64_t hash = 14695981039346656037U;
  for (const char symbol : name) {
    hash ^= static_cast<unsigned char>(symbol);
    hash *= 1099511628211U;
  }
  return hash;
}

}  // namespace

room_table::room_table(reactor& home, const config& settings)
    : home_(&home), settings_(settings), homes_(*this, home.random(), settings.longest_frame) {}

room_table::~room_table() {
  if (deferred_)
    home_->forget(*this);
}

void room_table::meet(std::vector<room_actor> rooms) {
  rooms_ = std::move(rooms);
  outgoing_.resize(rooms_.size());
}

void room_table::part() noexcept {
  rooms_.clear();
}

std::size_t room_table::home_of(std::string_view room) const noexcept {
  return outgoing_.empty() ? settings_.index : hash_of(room) % outgoing_.size();
}

subscriber_id room_table::enroll(room_subscriber& who) {
  members_[++last_id_].who = &who;
  return last_id_;
}

void room_table::dismiss(subscriber_id who) {
  const auto found = members_.find(who);
  if (found == members_.end())
    return;
  auto leaving = std::move(found->second);
  members_.erase(found);
  while (!leaving.seats.empty())
    give_up(leaving, leaving.seats.size() - 1);
}

room_verdict room_table::subscribe(subscriber_id who, const std::string& room) {
  auto& joining = members_.at(who);
  for (const auto& taken : joining.seats) {
    if (taken.in->room == room)
      return room_verdict::already_there;
  }
  if (joining.seats.size() >= settings_.most_rooms_each)
    return room_verdict::too_many_rooms;
  auto [found, fresh] = shards_.try_emplace(room);
  auto& here = found->second;
  joining.seats.push_back({&here, here.present.size()});
  here.ids.push_back(who);
  here.present.push_back(joining.who);
  route(home_of(room), member_joined{room, std::string{joining.who->member_name()}});
  if (here.admitted)
    joining.who->on_subscribed({room, here.last});
  if (fresh) {
    here.room = room;
    here.life = ++shard_lives_;
    route(home_of(room), shard_attached{room, here.life});
  }
  return room_verdict::done;
}

room_verdict room_table::unsubscribe(subscriber_id who, std::string_view room) {
  auto& leaving = members_.at(who);
  for (std::size_t i = 0; i < leaving.seats.size(); ++i) {
    if (leaving.seats[i].in->room == room) {
      give_up(leaving, i);
      return room_verdict::done;
    }
  }
  return room_verdict::not_there;
}

void room_table::give_up(member& leaving, std::size_t seat_number) {
  const auto given = leaving.seats[seat_number];
  leaving.seats[seat_number] = leaving.seats.back();
  leaving.seats.pop_back();
  auto& from = *given.in;
  const auto room = from.room;
  const auto last = from.present.size() - 1;
  if (given.index != last) {  // the last one takes the free seat
    from.present[given.index] = from.present[last];
    from.ids[given.index] = from.ids[last];
    for (auto& moved : members_.at(from.ids[given.index]).seats) {
      if (moved.in == &from)
        moved.index = given.index;
    }
  }
  from.present.pop_back();
  from.ids.pop_back();
  route(home_of(room), member_left{room, std::string{leaving.who->member_name()}});
  if (from.present.empty()) {
    shards_.erase(room);
    route(home_of(room), shard_detached{room});
  }
}

void room_table::publish(subscriber_id who, const protocol::publish_view& said) {
  route(home_of(said.room), message_published{std::string{said.room},
                                              std::string{members_.at(who).who->member_name()},
                                              {settings_.index, who},
                                              said.number,
                                              said.kind,
                                              std::string{protocol::as_text(said.payload)}});
}

void room_table::speak(std::string room, protocol::content_kind kind, std::string payload) {
  const auto home = home_of(room);
  const member_id nobody{settings_.index, 0};  // subscribers count from 1
  route(home, message_published{std::move(room), {}, nobody, 0, kind, std::move(payload)});
}

void room_table::ask_presence(subscriber_id who, const std::string& room) {
  route(home_of(room), presence_asked{room, {settings_.index, who}});
}

void room_table::apply(const room_batch& batch) {
  for (const auto& event : batch.events)
    apply(batch.from, event);
}

void room_table::apply(std::size_t from, const room_event& event) {
  std::visit([this, from](const auto& what) { on(from, what); }, event);
}

void room_table::route(std::size_t to, room_event event) {
  if (to == settings_.index) {
    apply(to, event);
    return;
  }
  outgoing_[to].push_back(std::move(event));
  if (!deferred_) {
    deferred_ = true;
    home_->defer(*this);
  }
}

void room_table::on_turn_end() {
  deferred_ = false;
  for (std::size_t to = 0; to < rooms_.size(); ++to) {
    if (!outgoing_[to].empty())
      caf::anon_send(rooms_[to], room_batch{settings_.index, std::exchange(outgoing_[to], {})});
  }
}

void room_table::on(std::size_t, const shard_admitted& event) {
  const auto found = shards_.find(event.room);
  if (found == shards_.end() || found->second.life != event.life)
    return;
  auto& here = found->second;
  here.admitted = true;
  here.last = event.at;
  for (auto* who : here.present)
    who->on_subscribed({event.room, event.at});
}

void room_table::on(std::size_t, const room_delivery& event) {
  const auto found = shards_.find(event.room);
  if (found == shards_.end() || !found->second.admitted)
    return;
  auto& here = found->second;
  here.last = event.at;
  const bool from_here = event.origin.reactor == settings_.index;
  for (std::size_t i = 0; i < here.present.size(); ++i)
    here.present[i]->on_room_message(event, from_here && here.ids[i] == event.origin.subscriber);
}

void room_table::on(std::size_t, const publish_confirmed& event) {
  if (const auto found = members_.find(event.origin.subscriber); found != members_.end())
    found->second.who->on_receipt(event.placed);
}

void room_table::on(std::size_t, const presence_told& event) {
  if (const auto found = members_.find(event.asker.subscriber); found != members_.end())
    found->second.who->on_presence(event.there);
}

}  // namespace byssus
