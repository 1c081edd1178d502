#pragma once

#include "byssus/actors/links/inline_service.hpp"
#include "byssus/actors/links/interfaces.hpp"
#include "byssus/actors/links/link_config.hpp"
#include "byssus/runtime/config.hpp"
#include "byssus/runtime/link.hpp"
#include "byssus/runtime/startup_error.hpp"
#include "byssus/runtime/statistics.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace byssus {

/// Prepares an app's own actor system for a `node{system, config}`: errors of this library print as
/// sentences, and CAF's scheduler has as many threads as `sized(settings)` says.
void init(caf::actor_system_config& system, const config& settings = {});

/// A process's part in the network: reactors, the links that it makes and, if it listens, a door
/// and rooms. A process may hold any number.
///
/// Threads: everything here may be called on any thread, except that `run` and the destructor may
/// not be called from a callback, nor by an actor of the node.
class node {
public:
  /// Starts its own actor system and reactors, and listens if so configured. Throws `startup_error`
  /// with one line for the user if `validate(settings)` has one, or the system refuses what is
  /// needed, as in `cannot listen on 127.0.0.1:7400: another program listens on that port; stop it
  /// or choose another with --listen`.
  explicit node(config settings = {});

  /// As above, in an actor system of the app, which outlives the node; see `init`.
  explicit node(caf::actor_system& system, config settings = {});

  /// Stops as `run` does at its end, if that has not happened. An actor system of its own waits for
  /// the app's actors as CAF does: until each has ended or nobody refers to it.
  ~node();

  node(const node&) = delete;
  node& operator=(const node&) = delete;

  /// Makes a link; it begins to connect at once. The handle may be dropped. Throws `startup_error`
  /// if the options are wrong, or the node has been stopped.
  link connect(const link_options& options);

  /// Makes a link for an actor, which is told of its states and messages and answers each batch
  /// with `messages_handled`. Throws like the other.
  reconnect_supervisor_actor connect(link_config wanted, link_observer_actor observer);

  /// Says `payload` in `room` (1 to 255 bytes of UTF-8 without controls) as the node itself: all
  /// who are in the room get a message without a sender. Any thread, callbacks included; what one
  /// thread says keeps its order. Returns at once: `errc::none`, or why it is not said:
  /// `invalid_name`, `payload_too_large` (over 768 KiB), `send_overflow` while 16 MiB or 65,536
  /// messages wait to be said, `stopped` once `run` or the destructor has begun to end the node.
  /// Throws `startup_error` if the node does not listen.
  errc publish(std::string room, std::string payload, content kind = content::text);

  /// Answers the calls of clients to the service `name` (1 to 255 bytes of UTF-8 without controls)
  /// by `service`, in place of one of that name before. This is the one callback that runs on a
  /// reactor, so it must be quick: see `inline_service`. Calls that arrive before this returns may
  /// still be refused. Waits for the reactors, so not from an `inline_service`. Throws
  /// `startup_error` if the name is no name, the node does not listen, or it has been stopped.
  void serve_inline(const std::string& name, const inline_service& service);

  /// Waits for SIGINT, SIGTERM or `stop`. Then ends, in this order and before it returns: the door
  /// and the rooms, every link (with a close frame that says so), all actors of the node, its
  /// reactors. A second signal meanwhile ends the process at once. Both signals do what they did
  /// before once `run` has returned. Several threads may run it; all return at the end, later ones
  /// at once. Throws `startup_error`, and ends nothing, if the process has
  /// no descriptor left for the signals.
  void run();

  /// Asks `run` to return. Returns at once; also before `run`, and more than once.
  void stop() noexcept;

  /// What is alive in the node just now. Asks the reactors and waits for their answers, less than a
  /// millisecond as a rule; so not from an `inline_service`. After the end only what holds for the
  /// process is not zero.
  statistics stats();

  /// Where the node listens, with the port that the system chose; nothing if it does not.
  std::optional<endpoint> local_endpoint() const;

  /// For actors of the app: their handlers run on CAF's scheduler, never on a reactor.
  caf::actor_system& system() noexcept;

  /// `system().spawn(…)`.
  template <class F, class... Ts>
  auto spawn(F&& factory, Ts&&... arguments) {
    return system().spawn(std::forward<F>(factory), std::forward<Ts>(arguments)...);
  }

  /// Claims that the caller runs on one of the node's reactors: never true in a callback or a
  /// handler of the app, but for an `inline_service`.
  bool on_reactor() const noexcept;

private:
  class core;
  std::unique_ptr<core> core_;
};

}  // namespace byssus
