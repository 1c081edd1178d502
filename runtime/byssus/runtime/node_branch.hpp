#pragma once

#include "byssus/actors/links/node_part.hpp"
#include "byssus/actors/ports/reactor.hpp"
#include "byssus/runtime/door.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace byssus {

/// What a node is made of on each of its reactors.
struct node_settings {
  /// Where strangers come to; port 0 lets the system choose one.
  endpoint listen{"127.0.0.1", 0};
  /// What every connection is granted.
  node_rules rules;
  /// Limits of the whole node, not of one branch.
  door_rules door;
  /// Rooms that one client may be in, 1 to 10,000.
  std::size_t most_rooms_each = 64;
  /// A node that stops waits so long for its connections to close; then it ends them. > 0.
  duration drain_deadline = std::chrono::seconds{3};
};

/// Empty if `settings` can be followed, or what is wrong with which field.
std::string validate(const node_settings& settings);

/// A node's share of one reactor: door, ROOM, REAPER, and what the connections there have in
/// common. Made by `node_tree` on any thread; from `meet` on it is used on its reactor alone, and
/// destroyed there or after that has ended.
class node_branch final : private timer_listener {
public:
  /// Spawns ROOM and REAPER. `settings` are valid; `index` counts the node's reactors from 0.
  node_branch(reactor& home, const node_settings& settings, std::size_t index,
              std::shared_ptr<node_census> census);
  ~node_branch();
  node_branch(const node_branch&) = delete;
  node_branch& operator=(const node_branch&) = delete;

  /// Its reactor. Any thread.
  reactor& home() const noexcept { return *home_; }
  /// Its ROOM, which lives until `end`. Any thread.
  const room_actor& room() const noexcept { return room_; }
  /// Names the ROOMs of all branches, by index, this one's included. Once, before anybody is
  /// admitted.
  void meet(std::vector<room_actor> rooms) { node_->rooms->meet(std::move(rooms)); }

  /// Makes a fresh socket this reactor's own and gives it to the door. `pass` is not `dropped`.
  void admit(std::unique_ptr<detached_socket> newcomer, gate_pass pass) {
    door_.admit(home_->adopt(std::move(newcomer)), std::move(pass));
  }

  /// Answers calls to `name` by `service` from now on.
  void serve(const std::string& name, inline_service service) {
    node_->services.insert_or_assign(name, std::move(service));
  }

  /// Says `payload` in `room` as the node itself.
  void speak(std::string room, protocol::content_kind kind, std::string payload) {
    node_->rooms->speak(std::move(room), kind, std::move(payload));
  }

  /// Closes the door and every connection; calls `then` on this reactor when none is left. Ends
  /// those that are still there when the drain deadline passes.
  void drain(std::function<void()> then);

  /// Ends ROOM and REAPER; calls `then` on this reactor when both are dead. @pre drained.
  void end(std::function<void()> then);

  /// Of this branch alone.
  const node_counts& counts() const noexcept { return node_->counts; }

private:
  void on_timer(timer& expired) override;

  reactor* home_;
  duration drain_deadline_;
  std::shared_ptr<node_part> node_;
  door door_;
  room_actor room_;
  reaper_actor reaper_;
  timer drain_;
};

}  // namespace byssus
