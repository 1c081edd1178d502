#pragma once

#include "byssus/actors/links/interfaces.hpp"
#include "byssus/actors/links/link_config.hpp"
#include "byssus/runtime/answer.hpp"
#include "byssus/runtime/room_handle.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace byssus {

/// What a link is to be, as a user writes it down. `node::connect` says what is wrong with it.
struct link_options {
  /// Where its nodes are, as in `tcp://127.0.0.1:7400`; at least one.
  std::vector<std::string> endpoints = {};

  /// With a node, in rooms; or in plain mode, with any server that answers `ping`.
  link_mode mode = link_mode::framed;

  /// How others see this client; empty: the node chooses. Not in plain mode.
  std::string name = {};

  /// What is asked for; the node decides on the interval. In plain mode nobody else does.
  heartbeat_config heartbeat = {};

  /// Plain mode: pings end with LF, for an app that says lines.
  bool ping_lines = false;

  /// When a lost connection is tried again.
  backoff_policy retry = {};

  /// How long resolving and connecting may take, each.
  dial_deadlines dial = {};

  /// From the connected socket to the node's welcome. > 0.
  duration handshake_deadline = std::chrono::seconds{5};
};

/// The same for actors. Of the fields it looks at `endpoints` alone: throws `startup_error` with a
/// line that names the text and what is allowed. What is wrong with the others `node::connect`
/// says.
link_config to_config(const link_options& options);

/// A lasting, logical connection to a node: it survives any number of sockets. Made by
/// `node::connect`. Cheap to copy; copies mean the same link. Any thread may call any of this,
/// callbacks included.
///
/// Callbacks of one link run one at a time, in order, on a thread of CAF's scheduler and never on a
/// reactor: one that blocks delays the link's later callbacks, and no heartbeat. (It also keeps one
/// of `config::workers` busy.) An exception out of a callback is logged, and the link goes on.
/// They may run until the node's destructor has returned: what they hold by reference is declared
/// before the node.
///
/// The link lives until `stop`, until a failure that no retry can heal, or until its node ends.
/// Dropping all copies changes nothing.
class link {
public:
  /// INTERNAL: apps get theirs from `node::connect`.
  explicit link(std::shared_ptr<detail::link_end> end) : end_(std::move(end)) {}

  /// Calls `callback` with the present state, and then at every change. Replaces the one before.
  /// The last state of all is `failed`.
  link& on_state(std::function<void(const link_state&)> callback);

  /// Calls `callback` with every message of a room that was joined without a callback of its own,
  /// and in plain mode with all that the server says. Replaces the one before. What a plain server
  /// says before there is one is dropped.
  link& on_message(std::function<void(const message&)> callback);

  /// Calls `callback` when the node says that it could not deliver some messages of a room. Without
  /// one that is logged as a warning.
  link& on_gap(std::function<void(const room_gap&)> callback);

  /// Enters `room`, now and after every reconnection. `callback` is called with each message, one's
  /// own included; joining again replaces it. How the node answers: `room_handle::joined`, which
  /// fails with `invalid_name` if `room` is not 1 to 255 bytes of UTF-8 without controls.
  room_handle join(std::string room, std::function<void(const message&)> callback = {});

  /// Plain mode: says `text`, as it is, to the server. Done when it is on its way, which is all
  /// that can be known of plain text; fails at once with `errc::not_connected` while the link is
  /// not up, with `errc::send_overflow` when the server reads too slowly, and with
  /// `errc::payload_too_large` if it is longer than 256 KiB: a ping may have to wait behind it, so
  /// much is said in pieces. TCP marks no borders:
  /// a text without an end that the server knows, as LF, runs together with what follows it, pings
  /// included (see `link_options::ping_lines`).
  ///
  /// Rooms are for framed links: there this fails, as `join` and `publish` fail in plain mode, with
  /// `errc::wrong_mode`.
  answer<text_sent> say(std::string text);

  /// Closes the link for good; the state becomes `failed (stopped)`. Returns at once.
  void stop();

  /// The link's RECONNECT SUPERVISOR, for actors that say `publish_request` and the like
  /// themselves. After the link has failed it is dead.
  reconnect_supervisor_actor actor() const;

private:
  std::shared_ptr<detail::link_end> end_;
};

}  // namespace byssus
