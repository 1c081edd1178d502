#pragma once

#include "byssus/actors/ports/journal.hpp"
#include "byssus/actors/ports/reactor.hpp"
#include "byssus/runtime/asio/transport_config.hpp"

#include <caf/actor_system.hpp>

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

/// \file
/// The way into the Asio part of the runtime: real reactors with their threads, seen as ports only.

namespace byssus {

namespace detail {
class asio_reactor;
class resolver_pool;
}  // namespace detail

/// What a pool is to be.
struct reactor_pool_config {
  /// Event-loop threads. ≥ 1.
  std::size_t reactors = 1;

  /// Most threads that may wait in `getaddrinfo` at a time, for all reactors together. ≥ 1; made on
  /// demand.
  std::size_t resolver_threads = 4;

  /// How the sockets of all reactors behave.
  transport_config transports = {};
};

/// Owns N reactors and one thread for each. Stop order: end the actors, `stop`, `join`, destroy the
/// pool, then the actor system.
///
/// A thread that hangs in `getaddrinfo` is not waited for: it is detached, touches nothing of the
/// pool any more, and ends with its call or with the process.
class reactor_pool {
public:
  /// Makes the reactors; their threads start with `start`. Actors may be spawned at once, and run
  /// from then on. `system` and `lines` outlive the pool. Throws std::system_error when the kernel
  /// gives no epoll descriptor.
  reactor_pool(caf::actor_system& system, journal& lines, reactor_pool_config config = {});

  /// Stops and joins. @pre No pinned actor, transport, timer, dial or acceptor of these reactors
  /// exists any more.
  ~reactor_pool();

  reactor_pool(const reactor_pool&) = delete;
  reactor_pool& operator=(const reactor_pool&) = delete;

  /// Starts the threads. Once.
  void start();

  /// Asks every reactor to run what is queued, messages it causes included, and then to end. Any
  /// thread, at any time, more than once. From its end on a reactor runs nothing: a pinned actor
  /// that is sent a message then is ended with `exit_reason::kill`, on the sender's thread, and a
  /// posted task is destroyed unrun.
  void stop() noexcept;

  /// Waits until all threads have ended. Not on a reactor's thread; after `stop`, or it waits for
  /// somebody's.
  void join();

  /// As many as configured, in a fixed order. They live as long as the pool.
  const std::vector<reactor*>& reactors() const noexcept { return faces_; }

private:
  std::shared_ptr<detail::resolver_pool> resolver_;
  std::vector<std::unique_ptr<detail::asio_reactor>> owned_;
  std::vector<reactor*> faces_;
  std::vector<std::thread> threads_;
};

}  // namespace byssus
