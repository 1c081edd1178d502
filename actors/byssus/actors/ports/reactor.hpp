#pragma once

#include "byssus/actors/pinned.hpp"
#include "byssus/actors/ports/acceptor.hpp"
#include "byssus/actors/ports/dialer.hpp"
#include "byssus/actors/ports/journal.hpp"
#include "byssus/actors/ports/random_source.hpp"
#include "byssus/actors/ports/signals.hpp"
#include "byssus/actors/ports/timer.hpp"
#include "byssus/actors/ports/transport.hpp"

#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/detail/init_fun_factory.hpp>
#include <caf/execution_unit.hpp>
#include <caf/infer_handle.hpp>
#include <caf/local_actor.hpp>
#include <caf/resumable.hpp>

#include <functional>
#include <memory>
#include <utility>

/// \file
/// One event-loop thread, and the actors that are pinned to it.

namespace byssus {

/// Is called once, at the end of the turn of the loop in which `reactor::defer` was called for it.
class turn_listener {
public:
  /// May cause anything, `defer` included.
  virtual void on_turn_end() = 0;

protected:
  ~turn_listener() = default;
};

/// One thread's event loop as actors see it. A subclass brings the loop: `schedule`, `post`,
/// `defer` and the ports.
///
/// CAF knows a reactor by two faces, since CAF resumes a receiver on its sender's execution unit.
/// The *inner* one is where pinned actors are scheduled: its `exec_later` brings them to this loop.
/// The *outer* one is what they run under: its `exec_later`, reached when they wake an app actor,
/// hands that actor to CAF's own scheduler. So a slow handler of an app never runs on a reactor.
///
/// Threads: `spawn`, `post` and `inner` from any; all else on the reactor's own.
class reactor {
public:
  /// `system` outlives the reactor.
  explicit reactor(caf::actor_system& system);
  virtual ~reactor() = default;
  reactor(const reactor&) = delete;
  reactor& operator=(const reactor&) = delete;

  /// The reactor on which `self` is pinned. @pre `self` is pinned, and the call comes from its
  /// factory or a handler.
  static reactor& of(const caf::local_actor* self);

  /// The present: `timers().now()`.
  instant now() const noexcept { return queue().now(); }

  /// What its timers run on.
  virtual timer_queue& timers() noexcept = 0;
  /// Makes its sockets.
  virtual byssus::dialer& dialer() noexcept = 0;
  /// All that is left to chance on it.
  virtual random_source& random() noexcept = 0;
  /// Where its log lines go.
  virtual byssus::journal& journal() noexcept = 0;

  /// Listens on `where`; strangers come to `listener`, which outlives the acceptor.
  virtual listening listen(const endpoint& where, accept_listener& listener) = 0;

  /// Makes `socket` this reactor's own. @pre `socket` came from a reactor of the same kind.
  virtual std::unique_ptr<transport> adopt(std::unique_ptr<detached_socket> socket) = 0;

  /// Runs `task` on this reactor's thread, in a later turn. Any thread.
  virtual void post(std::function<void()> task) = 0;

  /// Calls `listener` when the present turn ends; it outlives that, or is told by `forget` before
  /// it does not.
  virtual void defer(turn_listener& listener) = 0;
  /// Takes `listener` back; does nothing if it did not wait.
  virtual void forget(turn_listener& listener) noexcept = 0;

  /// Claims that the caller runs on this reactor's thread.
  virtual bool runs_here() const noexcept = 0;

  /// The one that its actors live in.
  caf::actor_system& system() const noexcept { return outer_.system(); }
  /// The face for whoever wakes a pinned actor; see above.
  caf::execution_unit& inner() noexcept { return inner_; }

  /// Makes the actor of `factory(self, arguments…)`, pinned here. The only way to make a pinned
  /// actor. Any thread; the factory itself runs later, on this reactor.
  template <class F, class... Ts>
  caf::infer_handle_from_fun_t<F> spawn(F factory, Ts&&... arguments) {
    using impl = pinned<caf::infer_impl_from_fun_t<F>>;
    caf::actor_config config{&inner_};
    caf::detail::init_fun_factory<caf::infer_impl_from_fun_t<F>, F> make;
    config.init_fun = make(std::move(factory), std::forward<Ts>(arguments)...);
    return system().spawn_class<impl, caf::no_spawn_options>(config, this);
  }

  /// Lets a port's `signal` into `self`, which handles it before this returns. Called by inlets
  /// alone. Inside, the actor may die and destroy the port that calls.
  template <class Signal>
  void enter(caf::scheduled_actor& self, const Signal& signal) {
    caf::strong_actor_ptr guard{self.ctrl()};
    self.activate(&outer_, elements_.with(signal));
  }

  /// Claims that `unit` is the face under which this reactor's pinned actors run.
  bool is_outer(const caf::execution_unit* unit) const noexcept { return unit == &outer_; }

protected:
  /// Queues `job`, whose reference is passed on, to be given to `run` in this reactor's loop. Any
  /// thread.
  virtual void schedule(caf::resumable* job) = 0;

  /// Runs `job` for a while and takes care of its reference. Called by the loop.
  void run(caf::resumable* job);

private:
  struct inner_face final : caf::execution_unit {
    inner_face(caf::actor_system* within, reactor* owner) : execution_unit(within), home(owner) {}
    void exec_later(caf::resumable* job) override { home->schedule(job); }
    reactor* home;
  };

  struct outer_face final : caf::execution_unit {
    outer_face(caf::actor_system* within, reactor* owner) : execution_unit(within), home(owner) {}
    void exec_later(caf::resumable* job) override;
    reactor* home;
  };

  const timer_queue& queue() const noexcept { return const_cast<reactor*>(this)->timers(); }

  inner_face inner_;
  outer_face outer_;
  detail::signal_elements elements_;
};

}  // namespace byssus
