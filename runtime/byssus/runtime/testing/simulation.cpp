#include "byssus/runtime/testing/simulation.hpp"

#include "byssus/runtime/testing/detail/network_core.hpp"
#include "byssus/runtime/testing/detail/simulated_timers.hpp"
#include "byssus/runtime/testing/detail/world.hpp"

#include <caf/detail/test_actor_clock.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace byssus::testing {

namespace {

/// So many turns at one moment are taken for a loop that never ends.
constexpr std::size_t most_turns_at_once = 1'000'000;

bool wants_printing() {
  const auto* wish = std::getenv("BYSSUS_TRACE");
  return wish && std::string_view{wish} == "1";
}

/// CAF's clock for tests tells whether it has timeouts, but not when: the schedule itself is
/// protected.
struct open_clock : caf::detail::test_actor_clock {
  static const schedule_map& schedule_of(const caf::detail::test_actor_clock& clock) {
    return clock.*(&open_clock::schedule_);
  }
};

/// The configuration of an actor system that runs in the thread of the test.
struct quiet_config : caf::actor_system_config {
  explicit quiet_config(const std::function<void(caf::actor_system_config&)>& configure) {
    set("scheduler.policy", caf::atom("testing"));
    set("scheduler.max-threads", std::size_t{1});
    if (configure)
      configure(*this);
  }
};

simulation_config usual_with(std::uint64_t seed) {
  simulation_config usual;
  usual.seed = seed;
  return usual;
}

}  // namespace

class simulation::core {
public:
  explicit core(const simulation_config& config);
  ~core();

  simulated_host& host(std::string_view name);
  void settle();
  bool step(instant limit);
  void run_planned();
  void trigger_app_timeouts();
  std::optional<instant> next_event() const;

  simulation_config wish;
  detail::world world;
  detail::network_core net;
  simulated_network network;
  std::map<std::string, std::unique_ptr<simulated_host>, std::less<>> hosts;
  /// In the order in which they were made, so that nothing depends on names.
  std::vector<simulated_host*> in_order;
  quiet_config config;
  std::unique_ptr<caf::actor_system> system;
  caf::scheduler::test_coordinator* coordinator = nullptr;

private:
  bool take_one_turn();
  void take_app_turn();
};

simulation::core::core(const simulation_config& given)
    : wish(given),
      world(given.seed, given.keep_lines, wants_printing()),
      net(world, given.transports),
      network(net),
      config(given.configure),
      system(std::make_unique<caf::actor_system>(config)),
      coordinator(dynamic_cast<caf::scheduler::test_coordinator*>(&system->scheduler())) {
  if (!coordinator)
    throw std::logic_error("a simulation needs CAF's testing scheduler; configure chose another");
  world.network = &net;
  system->await_actors_before_shutdown(false);
}

/// Actors first, while all that they may call still exists; then what they left.
simulation::core::~core() {
  for (auto* each : in_order)
    each->kill(last_words::none);
  for (std::size_t turns = 0; turns < most_turns_at_once && take_one_turn(); ++turns) {
  }
  system.reset();
  world.plans.clear();
}

simulated_host& simulation::core::host(std::string_view name) {
  if (const auto found = hosts.find(name); found != hosts.end())
    return *found->second;
  auto fresh =
      std::make_unique<simulated_host>(*system, world, net.at(name), wish.journal_threshold);
  in_order.push_back(fresh.get());
  return *hosts.emplace(std::string{name}, std::move(fresh)).first->second;
}

void simulation::core::run_planned() {
  while (true) {
    const auto next = world.plans.next();
    if (!next || *next > world.now)
      return;
    world.plans.take()();
  }
}

void simulation::core::take_app_turn() {
  const detail::running_as app{world, detail::world::runner::app};
  coordinator->try_run_once();
}

/// The seed chooses among the reactors that have something to do, and the app actors.
bool simulation::core::take_one_turn() {
  simulated_reactor* chosen = nullptr;
  std::uint64_t candidates = coordinator->has_job() ? 1 : 0;
  for (auto* each : in_order)
    for (auto* reactor : each->reactors())
      if (reactor->ready() && (++candidates == 1 || world.random.below(candidates) == 0))
        chosen = reactor;
  if (candidates == 0)
    return false;
  if (chosen)
    chosen->take_turn();
  else
    take_app_turn();
  return true;
}

void simulation::core::settle() {
  trigger_app_timeouts();
  for (std::size_t turns = 0; turns < most_turns_at_once; ++turns) {
    run_planned();
    if (!take_one_turn())
      return;
  }
  throw std::runtime_error(
      "the simulation does not come to rest: a million turns without time passing");
}

std::optional<instant> simulation::core::next_event() const {
  auto earliest = world.plans.next();
  const auto consider = [&earliest](std::optional<instant> candidate) {
    if (candidate && (!earliest || *candidate < *earliest))
      earliest = candidate;
  };
  for (auto* each : in_order)
    if (each->alive() && !each->stopped())
      for (auto* reactor : each->reactors())
        consider(reactor->clock().next());
  if (coordinator->has_pending_timeout())
    consider(open_clock::schedule_of(coordinator->clock()).begin()->first);
  return earliest;
}

void simulation::core::trigger_app_timeouts() {
  coordinator->clock().current_time = world.now;
  if (coordinator->has_pending_timeout())
    coordinator->advance_time(caf::timespan{0});
}

bool simulation::core::step(instant limit) {
  const auto next = next_event();
  if (!next || *next > limit)
    return false;
  world.now = std::max(world.now, *next);
  settle();
  return true;
}

simulation::simulation(std::uint64_t seed) : simulation(usual_with(seed)) {}

simulation::simulation(const simulation_config& config) : core_(std::make_unique<core>(config)) {}

simulation::~simulation() = default;

std::uint64_t simulation::seed() const noexcept {
  return core_->world.seed;
}

caf::actor_system& simulation::system() noexcept {
  return *core_->system;
}

simulated_network& simulation::network() noexcept {
  return core_->network;
}

testing::trace& simulation::trace() noexcept {
  return core_->world.events;
}

simulated_host& simulation::host(std::string_view name) {
  return core_->host(name);
}

instant simulation::now() const noexcept {
  return core_->world.now;
}

duration simulation::elapsed() const noexcept {
  return now() - detail::origin;
}

void simulation::settle() {
  core_->settle();
}

void simulation::advance(duration span) {
  const auto end = now() + span;
  settle();
  while (core_->step(end)) {
  }
  core_->world.now = end;
  settle();
}

bool simulation::run_until(const std::function<bool()>& done, duration limit) {
  const auto end = now() + limit;
  settle();
  while (!done())
    if (!core_->step(end)) {
      core_->world.now = end;
      settle();
      return done();
    }
  return true;
}

void simulation::after(duration delay, std::function<void()> task) {
  core_->world.after(std::max(delay, duration{0}), std::move(task));
}

void simulation::apply(const fault_schedule& plan) {
  for (const auto& each : plan.faults())
    after(each.at, [this, each] { inflict(each); });
  after(plan.healed_at(), [this] { heal(); });
}

namespace {

/// Strikes a host, and ends that after a while.
void strike(simulation& world, simulated_host& struck, fault kind, duration length) {
  if (!struck.alive())
    return;
  if (kind == fault::stop) {
    struck.stop(length);
    return;
  }
  struck.kill(kind == fault::power_off ? last_words::none : last_words::reset);
  world.after(length, [&struck] {
    if (!struck.alive())
      struck.start();
  });
}

}  // namespace

void simulation::inflict(const planned_fault& planned) {
  auto& net = network();
  const auto& from = planned.at_client ? planned.client : planned.server;
  const auto& to = planned.at_client ? planned.server : planned.client;
  const auto heal_server = [this, server = planned.server] { network().heal_host(server); };
  switch (planned.kind) {
    case fault::cut:
      net.cut(planned.client, planned.server);
      break;
    case fault::reset:
      net.reset_one(planned.client, planned.server);
      break;
    case fault::silence:
      net.silence_one(planned.client, planned.server);
      break;
    case fault::half_silence:
      net.silence_direction(from, to);
      break;
    case fault::half_close:
      net.half_close(from, to);
      break;
    case fault::refuse:
      net.refuse(planned.server);
      after(planned.length, heal_server);
      break;
    case fault::mute:
      net.mute(planned.server);
      after(planned.length, heal_server);
      break;
    case fault::unreachable:
      net.unreachable(planned.server);
      after(planned.length, heal_server);
      break;
    case fault::partition:
      net.partition(from, to);
      after(planned.length, [this, from, to] { network().rejoin(from, to); });
      break;
    case fault::spike:
      net.spike(from, to, planned.length / 8);
      after(planned.length, [this, from, to] { network().spike(from, to, duration{0}); });
      break;
    case fault::kill:
    case fault::power_off:
    case fault::stop:
      strike(*this, host(from), planned.kind, planned.length);
      break;
    case fault::resolve_failure:
      net.answer_name(planned.server,
                      {name_answer::outcome::failure, std::chrono::milliseconds{1}});
      after(planned.length, heal_server);
      break;
    case fault::resolve_hang:
      net.answer_name(planned.server, {name_answer::outcome::hang, duration{0}});
      after(planned.length, heal_server);
      break;
  }
}

void simulation::heal() {
  core_->net.heal();
  for (auto* each : core_->in_order) {
    each->resume();
    if (!each->alive())
      each->start();
  }
}

std::size_t simulation::actors() const {
  std::size_t sum = 0;
  for (const auto* each : core_->in_order)
    sum += each->actors();
  return sum;
}

std::size_t simulation::timers_running() const {
  std::size_t sum = 0;
  for (const auto* each : core_->in_order)
    sum += each->timers_running();
  return sum;
}

std::size_t simulation::jobs_pending() const noexcept {
  auto sum = core_->coordinator->jobs.size();
  for (const auto* each : core_->in_order)
    sum += each->jobs_pending();
  return sum;
}

}  // namespace byssus::testing
