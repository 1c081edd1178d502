#include "byssus/runtime/testing/simulated_host.hpp"

#include "byssus/runtime/testing/detail/network_core.hpp"
#include "byssus/runtime/testing/detail/simulated_timers.hpp"

#include <stdexcept>
#include <utility>

namespace byssus::testing {

simulated_host::simulated_host(caf::actor_system& system, detail::world& world,
                               detail::machine& machine, severity threshold)
    : system_(&system),
      world_(&world),
      machine_(&machine),
      journal_(threshold, [this](severity level, std::string_view line) {
        world_->record(name(), line, static_cast<std::uint64_t>(level));
      }) {}

simulated_host::~simulated_host() = default;

const std::string& simulated_host::name() const noexcept {
  return machine_->name;
}

simulated_reactor& simulated_host::reactor(std::size_t index) {
  while (reactors_.size() <= index) {
    auto called = name() + '/' + std::to_string(reactors_.size());
    reactors_.push_back(
        std::make_unique<simulated_reactor>(*system_, *this, *world_, std::move(called)));
    reactors_.back()->clock().be_late(lateness_);
    views_.push_back(reactors_.back().get());
  }
  return *reactors_[index];
}

void simulated_host::runs(process_start start, std::size_t reactors) {
  must_be_outside("runs");
  reactor(reactors - 1);
  start_ = std::move(start);
  process_ = start_(views_);
}

void simulated_host::start() {
  must_be_outside("start");
  if (alive_)
    throw std::logic_error(name() + " runs already");
  for (const auto& each : reactors_)
    each->drop_work();
  alive_ = true;
  world_->network->power_on(*machine_);
  world_->record(name(), "start");
  if (start_)
    process_ = start_(views_);
}

void simulated_host::kill(last_words words) {
  must_be_outside("kill");
  if (!alive_)
    return;
  world_->network->count(words == last_words::none ? fault::power_off : fault::kill, *machine_);
  alive_ = stopped_ = false;
  ++stops_;
  world_->network->process_died(*machine_, words);
  for (const auto& each : reactors_)
    each->drop_work();
  end_all_actors();
  process_.reset();
}

void simulated_host::end_all_actors() {
  for (const auto& each : reactors_)
    each->end_actors();
  // The dying may spawn, and wake each other across reactors.
  while (jobs_pending() > 0)
    for (const auto& each : reactors_)
      each->run_last_jobs();
}

void simulated_host::stop() {
  must_be_outside("stop");
  if (!alive_)
    return;
  ++stops_;
  if (!std::exchange(stopped_, true))
    world_->network->count(fault::stop, *machine_);
}

void simulated_host::stop(duration span) {
  stop();
  world_->after(span, [this, mine = stops_] {
    if (stopped_ && stops_ == mine)
      resume();
  });
}

void simulated_host::resume() {
  must_be_outside("resume");
  if (!std::exchange(stopped_, false))
    return;
  ++stops_;
  world_->record(name(), "resume");
}

void simulated_host::make_timers_late(duration most) {
  lateness_ = most;
  for (const auto& each : reactors_)
    each->clock().be_late(most);
}

std::size_t simulated_host::actors() const {
  std::size_t sum = 0;
  for (const auto& each : reactors_)
    sum += each->actors();
  return sum;
}

std::size_t simulated_host::timers_running() const {
  std::size_t sum = 0;
  for (const auto& each : reactors_)
    sum += each->timers().running();
  return sum;
}

std::size_t simulated_host::jobs_pending() const noexcept {
  std::size_t sum = 0;
  for (const auto& each : reactors_)
    sum += each->jobs_pending();
  return sum;
}

void simulated_host::must_be_outside(const char* what) const {
  if (world_->running != detail::world::runner::outside)
    throw std::logic_error(std::string{"simulated_host::"} + what +
                           " was called while an actor or a reactor runs");
}

}  // namespace byssus::testing
