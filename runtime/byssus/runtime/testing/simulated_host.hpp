#pragma once

#include "byssus/runtime/testing/fault.hpp"
#include "byssus/runtime/testing/recorded_journal.hpp"
#include "byssus/runtime/testing/simulated_reactor.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace byssus::testing {

namespace detail {
struct machine;
}

/// What a process holds: the handles of its actors (CAF ends an actor that nobody refers to),
/// doors, tables. Released when the process has ended.
using process = std::shared_ptr<void>;

/// Makes a process on the reactors of its host; called by `start`, and again after each `kill`. May
/// return null.
using process_start = std::function<process(std::span<simulated_reactor* const>)>;

/// A machine with one process on it, named as `endpoint::host` names it. Made by
/// `simulation::host`.
///
/// `kill`, `stop`, `resume` and `start` are for the test body and for what `simulation::after`
/// runs; called while a reactor or an app actor runs they throw `std::logic_error`.
class simulated_host {
public:
  /// INTERNAL: a `simulation` makes its hosts.
  simulated_host(caf::actor_system& system, detail::world& world, detail::machine& machine,
                 severity threshold);
  ~simulated_host();
  simulated_host(const simulated_host&) = delete;
  simulated_host& operator=(const simulated_host&) = delete;

  /// As `endpoint::host` names it.
  const std::string& name() const noexcept;

  /// The host's reactor `index`, made when first asked for, with all below it. Lives as long as the
  /// simulation, also when its process has been killed and started again.
  simulated_reactor& reactor(std::size_t index = 0);
  /// Those that were asked for so far, by index.
  std::span<simulated_reactor* const> reactors() const noexcept { return views_; }

  /// One log for all its reactors.
  recorded_journal& journal() noexcept { return journal_; }

  /// Names what `start` runs, on `reactors` reactors; starts it at once.
  void runs(process_start start, std::size_t reactors = 1);

  /// Starts the process anew. @pre It was killed.
  void start();

  /// Ends every pinned actor of this host (`exit_reason::kill`), without running anything else of
  /// it, drops what was posted, then releases the process. Bytes that were still on their way to
  /// its peers are lost, or arrive, as `words` says. App actors are not a host's: they live on.
  void kill(last_words words = last_words::reset);

  /// Nothing of this host runs until `resume`, or for `span`: timers fire late, bytes wait in its
  /// kernel, which still lets up to 128 connections come up.
  void stop();
  /// The same, until `span` has passed.
  void stop(duration span);
  /// Ends a stop; what is due by then runs late.
  void resume();

  /// Claims that its process was not killed, or was started again.
  bool alive() const noexcept { return alive_; }
  /// Claims that it is stopped just now.
  bool stopped() const noexcept { return stopped_; }

  /// From now on each timer here fires up to `most` late, as on a busy machine; how late follows
  /// from the seed.
  void make_timers_late(duration most);

  /// Pinned actors that have not ended, timers that run, things queued: on all its reactors.
  std::size_t actors() const;
  /// Timers that run on its reactors.
  std::size_t timers_running() const;
  /// Things queued on its reactors.
  std::size_t jobs_pending() const noexcept;

private:
  void must_be_outside(const char* what) const;
  void end_all_actors();

  caf::actor_system* system_;
  detail::world* world_;
  detail::machine* machine_;
  recorded_journal journal_;
  std::vector<std::unique_ptr<simulated_reactor>> reactors_;
  std::vector<simulated_reactor*> views_;
  process_start start_;
  process process_;
  duration lateness_{0};
  bool alive_ = true;
  bool stopped_ = false;
  /// Tells a `stop(span)` whose host was resumed, killed or stopped again meanwhile that it is
  /// over.
  std::uint64_t stops_ = 0;
};

}  // namespace byssus::testing
