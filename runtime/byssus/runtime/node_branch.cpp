#include "byssus/runtime/node_branch.hpp"

#include "byssus/actors/links/reaper.hpp"
#include "byssus/actors/rooms/room.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <utility>

namespace byssus {

namespace {

std::shared_ptr<node_part> make_part(reactor& home, const node_settings& settings,
                                     std::size_t index, std::shared_ptr<node_census> census) {
  const room_table::config rooms{index, settings.most_rooms_each, protocol::max_frame_bytes};
  auto part =
      std::make_shared<node_part>(home, settings.rules, std::make_shared<room_table>(home, rooms),
                                  std::make_shared<reap_wheel>());
  part->census = std::move(census);
  return part;
}

/// Calls `then` on `home`, some turns after `ends` has ended; its memory is free then, unless
/// others hold handles.
template <class Handle>
void when_dead(const Handle& ends, reactor& home, std::function<void()> then) {
  auto* actor = caf::actor_cast<caf::abstract_actor*>(ends);
  actor->attach_functor([home = &home, then = std::move(then)] { home->post(then); });
}

}  // namespace

std::string validate(const node_settings& settings) {
  if (auto flaw = validate(settings.rules); !flaw.empty())
    return flaw;
  if (auto flaw = validate(settings.door); !flaw.empty())
    return flaw;
  if (settings.most_rooms_each == 0 || settings.most_rooms_each > 10'000)
    return "most_rooms_each: must be from 1 to 10000";
  if (settings.drain_deadline <= duration{0})
    return "drain_deadline: must be above zero";
  return {};
}

node_branch::node_branch(reactor& home, const node_settings& settings, std::size_t index,
                         std::shared_ptr<node_census> census)
    : home_(&home),
      drain_deadline_(settings.drain_deadline),
      node_(make_part(home, settings, index, std::move(census))),
      door_(node_, settings.door),
      room_(home.spawn(byssus::room, node_->rooms)),
      reaper_(home.spawn(byssus::reaper, node_->reaping)),
      drain_(home.timers(), *this) {}

node_branch::~node_branch() {
  node_->when_deserted = nullptr;
}

void node_branch::drain(std::function<void()> then) {
  node_->when_deserted = [this, then = std::move(then)] {
    drain_.stop();
    node_->closings.flush();
    then();
  };
  drain_.start(drain_deadline_);
  door_.close();
  node_->close_all(protocol::close_code::going_away, "the node stops");
  node_->tell_if_deserted();
}

void node_branch::on_timer(timer&) {
  door_.drop();
  for (const auto& connection : node_->connections)
    caf::anon_send_exit(caf::actor_cast<accepted_connection_actor>(connection),
                        caf::exit_reason::kill);
  // Who was just being spawned is not among them yet.
  drain_.start(drain_deadline_);
}

void node_branch::end(std::function<void()> then) {
  node_->rooms->part();
  when_dead(room_, *home_, [this, then = std::move(then)]() mutable {
    when_dead(reaper_, *home_, std::move(then));
  });
  caf::anon_send_exit(room_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(reaper_, caf::exit_reason::user_shutdown);
}

}  // namespace byssus
