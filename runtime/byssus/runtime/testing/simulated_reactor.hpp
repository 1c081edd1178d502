#pragma once

#include "byssus/actors/ports/reactor.hpp"
#include "byssus/runtime/testing/recorded_journal.hpp"
#include "byssus/runtime/testing/seeded_random.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace byssus::testing {

class simulated_host;

namespace detail {
class simulated_timers;
class work;
struct world;
}  // namespace detail

/// A reactor in virtual time. Made by `simulated_host::reactor`; it runs only while the simulation
/// does (`settle`, `advance`, `run_until`), a turn at a time. All simulated reactors share the one
/// thread of the test.
///
/// A turn is one expired timer, or up to four queued things: actors to resume, posted tasks,
/// sockets to look at. Then come those who called `defer`. Which reactor has the next turn, and how
/// long it is, follows from the seed.
class simulated_reactor final : public reactor {
public:
  /// INTERNAL: a `simulated_host` makes its reactors.
  simulated_reactor(caf::actor_system& system, simulated_host& host, detail::world& world,
                    std::string name);
  ~simulated_reactor() override;

  /// `node/0` for the first reactor of the host `node`.
  const std::string& name() const noexcept { return name_; }
  /// The machine that it is a thread of; lives as long as this.
  simulated_host& host() const noexcept { return *host_; }

  timer_queue& timers() noexcept override;
  byssus::dialer& dialer() noexcept override;
  seeded_random& random() noexcept override { return random_; }
  recorded_journal& journal() noexcept override;

  /// Listens on a port of its host. `where.host` is the host's name, `localhost`, `127.0.0.1`,
  /// `0.0.0.0` or `::`.
  listening listen(const endpoint& where, accept_listener& listener) override;

  /// @pre `socket` came from a reactor of the same host.
  std::unique_ptr<transport> adopt(std::unique_ptr<detached_socket> socket) override;

  void post(std::function<void()> task) override;
  void defer(turn_listener& listener) override;
  void forget(turn_listener& listener) noexcept override;

  /// True while this reactor runs, and for the body of the test, which may call all that an actor
  /// here may.
  bool runs_here() const noexcept override;

  /// Things queued for a later turn.
  std::size_t jobs_pending() const noexcept;
  /// Pinned actors of this reactor that have not ended.
  std::size_t actors() const;

  // INTERNAL: for the simulation and its ports.

  /// Claims that a turn would do something now; never while the host is stopped.
  bool ready() const noexcept;
  /// Runs one turn; of a host that was killed, what its actors still have to do.
  void take_turn();
  /// Runs the actors that are queued until they have ended, and nothing else that is queued.
  void run_last_jobs();
  /// Sends `exit_reason::kill` to every pinned actor that has not ended, in the order of their
  /// first turns.
  void end_actors();
  /// Forgets all that is queued or deferred, but for actors.
  void drop_work() noexcept;
  /// Queues `added`, once at a time; it outlives that, or is taken back by `remove`. Does nothing
  /// on a host that was killed.
  void enqueue(detail::work& added);
  /// Takes `queued` back; does nothing if it did not wait.
  void remove(detail::work& queued) noexcept;
  /// Its timers, as the simulation sees them.
  detail::simulated_timers& clock() noexcept { return *timers_; }
  /// What all reactors of the simulation share.
  detail::world& world() noexcept { return *world_; }

protected:
  void schedule(caf::resumable* job) override;

private:
  using item = std::variant<caf::resumable*, std::function<void()>, detail::work*>;

  void run_item(item& next);
  void end_turn();
  void remember(caf::resumable* job);
  void forget_the_dead();

  simulated_host* host_;
  detail::world* world_;
  std::string name_;
  seeded_random random_;
  std::unique_ptr<detail::simulated_timers> timers_;
  std::unique_ptr<byssus::dialer> dialer_;
  std::deque<item> queue_;
  std::vector<turn_listener*> deferred_;
  struct resident {
    caf::weak_actor_ptr actor;
    std::uint64_t order;
  };

  /// Every actor that was ever scheduled here and may live, so that `kill -9` finds it.
  std::unordered_map<caf::resumable*, resident> residents_;
  std::uint64_t residents_seen_ = 0;
  std::size_t residents_limit_ = 64;
};

}  // namespace byssus::testing
