#pragma once

#include "byssus/actors/ports.hpp"
#include "byssus/runtime/testing/fault_schedule.hpp"
#include "byssus/runtime/testing/simulated_host.hpp"
#include "byssus/runtime/testing/simulated_network.hpp"
#include "byssus/runtime/testing/simulated_reactor.hpp"
#include "byssus/runtime/testing/trace.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

/// \file
/// Actors, time and a network, all simulated, all in the thread of the test. An hour takes
/// milliseconds, and the same seed gives the same hour. A complete test of an actor that reports
/// every minute:
///
/// ```cpp
/// struct clerk_state {
///   explicit clerk_state(caf::event_based_actor* self)
///       : inlet(self), each_minute(byssus::reactor::of(self).timers(), inlet) {}
///   byssus::timer_inlet inlet;
///   byssus::timer each_minute;
/// };
///
/// caf::behavior clerk(caf::stateful_actor<clerk_state>* self, const caf::actor& desk) {
///   self->state.each_minute.start(60s);
///   return {[=](byssus::timer_signal) {
///     self->send(desk, std::string{"all quiet"});
///     self->state.each_minute.start(60s);
///   }};
/// }
///
/// caf::behavior counting_desk(caf::event_based_actor*, int* reports) {
///   return {[reports](const std::string&) { ++*reports; }};
/// }
///
/// TEST_CASE("clerk: reports every minute") {
///   byssus::testing::simulation sim{1};
///   int reports = 0;
///   auto desk = sim.system().spawn(counting_desk, &reports);
///   auto worker = sim.host("office").reactor().spawn(clerk, desk);
///   sim.advance(1h);
///   CHECK(reports == 60);
/// }
/// ```

namespace byssus::testing {

/// How a simulation begins.
struct simulation_config {
  /// All that is left to chance follows from it.
  std::uint64_t seed = 1;
  /// Keeps the lines of the trace, not only its hash. Also by BYSSUS_TRACE=1 in the environment,
  /// which prints them.
  bool keep_lines = false;
  /// Journals keep lines of this severity and above.
  severity journal_threshold = severity::info;
  /// How all sockets behave.
  transport_limits transports;
  /// Adds the message types of the actors under test, as `byssus::init` does.
  std::function<void(caf::actor_system_config&)> configure;
};

/// One world. Everything in it runs in the thread that calls it, and only inside `settle`,
/// `advance` and `run_until`.
///
/// Time stands still while anything is left to do now; then it jumps to the next event. Events of
/// equal time happen in the order in which they were planned. Which reactor goes first when several
/// could follows from the seed. App actors run too, one message at a time, and may use
/// `delayed_send`: it obeys the same clock.
///
/// Destroying it ends all pinned actors. @pre No handle of an actor outlives it.
class simulation {
public:
  /// A world in which all that is left to chance follows from `seed`.
  explicit simulation(std::uint64_t seed = 1);
  /// The same, with more to choose.
  explicit simulation(const simulation_config& config);
  ~simulation();
  simulation(const simulation&) = delete;
  simulation& operator=(const simulation&) = delete;

  /// As it was given: what to print when a test fails.
  std::uint64_t seed() const noexcept;
  /// Where app actors live, too; its scheduler is the simulation's.
  caf::actor_system& system() noexcept;
  /// Where faults come from.
  simulated_network& network() noexcept;
  /// What has happened so far.
  testing::trace& trace() noexcept;

  /// The host of that name, made when first asked for.
  simulated_host& host(std::string_view name);

  /// The present, the same on all hosts.
  instant now() const noexcept;
  /// How much virtual time has passed since the beginning.
  duration elapsed() const noexcept;

  /// Runs all that is due now, until nothing is, without moving time. Throws `std::runtime_error`,
  /// with what ran last, if a million turns do not bring it to rest.
  void settle();

  /// Settles, and lets `span` pass.
  void advance(duration span);

  /// Lets time pass until `done`, which is asked after every event; returns whether it held within
  /// `limit`.
  bool run_until(const std::function<bool()>& done, duration limit);

  /// Runs `task` when `delay` has passed, as if the test body did it then.
  void after(duration delay, std::function<void()> task);

  /// Carries out `plan`, beginning now. At `plan.healed_at()` the network is healthy and all hosts
  /// run.
  void apply(const fault_schedule& plan);

  /// Does to the world what `planned` says, now.
  void inflict(const planned_fault& planned);

  /// Ends all that lasts: the network's faults, hosts that are stopped or down.
  void heal();

  /// Pinned actors, running timers and queued things, of all hosts.
  std::size_t actors() const;
  /// Timers that run, on all hosts.
  std::size_t timers_running() const;
  /// Things queued, on all hosts.
  std::size_t jobs_pending() const noexcept;

private:
  class core;
  std::unique_ptr<core> core_;
};

}  // namespace byssus::testing
