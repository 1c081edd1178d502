#include "byssus/runtime/testing/simulated_reactor.hpp"

#include "byssus/runtime/testing/detail/simulated_acceptor.hpp"
#include "byssus/runtime/testing/detail/simulated_dialer.hpp"
#include "byssus/runtime/testing/detail/simulated_timers.hpp"
#include "byssus/runtime/testing/detail/simulated_transport.hpp"
#include "byssus/runtime/testing/simulated_host.hpp"

#include <caf/actor_cast.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace byssus::testing {

namespace {

/// The most that one turn takes from the queue, as epoll returns several events at once.
constexpr std::uint64_t items_per_turn = 4;

template <class... Cases>
struct overloaded : Cases... {
  using Cases::operator()...;
};

template <class... Cases>
overloaded(Cases...) -> overloaded<Cases...>;

/// The actor, if it has not ended.
caf::strong_actor_ptr living(const caf::weak_actor_ptr& weak) {
  auto strong = weak.lock();
  if (strong && strong->get()->getf(caf::abstract_actor::is_terminated_flag))
    return nullptr;
  return strong;
}

}  // namespace

simulated_reactor::simulated_reactor(caf::actor_system& system, simulated_host& host,
                                     detail::world& world, std::string name)
    : reactor(system),
      host_(&host),
      world_(&world),
      name_(std::move(name)),
      random_(world.seed, name_),
      timers_(std::make_unique<detail::simulated_timers>(world, random_.next())),
      dialer_(std::make_unique<detail::simulated_dialer>(*this, world.network->at(host.name()))) {}

simulated_reactor::~simulated_reactor() = default;

timer_queue& simulated_reactor::timers() noexcept {
  return *timers_;
}

byssus::dialer& simulated_reactor::dialer() noexcept {
  return *dialer_;
}

recorded_journal& simulated_reactor::journal() noexcept {
  return host_->journal();
}

listening simulated_reactor::listen(const endpoint& where, accept_listener& listener) {
  return detail::listen_on(*this, world_->network->at(host_->name()), where, listener);
}

std::unique_ptr<transport> simulated_reactor::adopt(std::unique_ptr<detached_socket> socket) {
  auto taken = dynamic_cast<detail::detached_end&>(*socket).take();
  if (taken.at().name != host_->name())
    throw std::logic_error(name_ + " cannot adopt a socket of " + taken.at().name);
  return std::make_unique<detail::simulated_transport>(*this, std::move(taken));
}

void simulated_reactor::post(std::function<void()> task) {
  if (host_->alive())
    queue_.emplace_back(std::move(task));
}

void simulated_reactor::defer(turn_listener& listener) {
  if (std::find(deferred_.begin(), deferred_.end(), &listener) == deferred_.end())
    deferred_.push_back(&listener);
}

void simulated_reactor::forget(turn_listener& listener) noexcept {
  std::replace(deferred_.begin(), deferred_.end(), &listener, static_cast<turn_listener*>(nullptr));
}

bool simulated_reactor::runs_here() const noexcept {
  return world_->running == detail::world::runner::outside || world_->running_reactor == this;
}

std::size_t simulated_reactor::jobs_pending() const noexcept {
  return queue_.size();
}

std::size_t simulated_reactor::actors() const {
  return static_cast<std::size_t>(
      std::count_if(residents_.begin(), residents_.end(),
                    [](const auto& each) { return living(each.second.actor) != nullptr; }));
}

bool simulated_reactor::ready() const noexcept {
  if (host_->stopped())
    return false;
  if (!host_->alive())
    return !queue_.empty();
  const auto due = timers_->next();
  return !queue_.empty() || !deferred_.empty() || (due && *due <= world_->now);
}

void simulated_reactor::take_turn() {
  if (!host_->alive()) {
    run_last_jobs();
    return;
  }
  const detail::running_as here{*world_, detail::world::runner::reactor, this};
  const auto due = timers_->next();
  const bool expired = due && *due <= world_->now;
  if (expired && (queue_.empty() || random_.chance(50))) {
    world_->record(name_, "timer");
    timers_->fire_next();
  } else {
    auto items = std::min<std::uint64_t>(queue_.size(), 1 + random_.below(items_per_turn));
    for (; items > 0 && !queue_.empty(); --items) {
      auto next = std::move(queue_.front());
      queue_.pop_front();
      run_item(next);
    }
  }
  end_turn();
}

void simulated_reactor::end_turn() {
  // Not range-based: a listener may defer another one, which has its turn in this one, too.
  // NOLINTNEXTLINE(modernize-loop-convert)
  for (std::size_t i = 0; i < deferred_.size(); ++i)
    if (auto* listener = std::exchange(deferred_[i], nullptr))
      listener->on_turn_end();
  deferred_.clear();
}

void simulated_reactor::run_item(item& next) {
  std::visit(overloaded{
                 [this](caf::resumable* job) { run(job); },
                 [](std::function<void()>& task) { task(); },
                 [](detail::work* ready) {
                   ready->queued = false;
                   ready->run();
                 },
             },
             next);
}

void simulated_reactor::run_last_jobs() {
  const detail::running_as here{*world_, detail::world::runner::reactor, this};
  while (!queue_.empty()) {
    end_actors();
    auto next = std::move(queue_.front());
    queue_.pop_front();
    if (auto* job = std::get_if<caf::resumable*>(&next))
      run(*job);
  }
}

void simulated_reactor::end_actors() {
  // In the order of their first turns: that of the table follows from addresses, which no seed
  // repeats.
  std::vector<resident> all;
  for (auto& [job, each] : residents_)
    all.push_back(std::move(each));
  residents_.clear();
  std::sort(all.begin(), all.end(),
            [](const resident& a, const resident& b) { return a.order < b.order; });
  for (const auto& each : all)
    if (const auto alive = living(each.actor))
      caf::anon_send_exit(caf::actor_cast<caf::actor>(alive), caf::exit_reason::kill);
}

void simulated_reactor::drop_work() noexcept {
  for (auto& each : queue_)
    if (auto* waiting = std::get_if<detail::work*>(&each))
      (*waiting)->queued = false;
  std::erase_if(queue_,
                [](const item& each) { return !std::holds_alternative<caf::resumable*>(each); });
  deferred_.clear();
}

void simulated_reactor::enqueue(detail::work& added) {
  if (added.queued || !host_->alive())
    return;
  added.queued = true;
  queue_.emplace_back(&added);
}

void simulated_reactor::remove(detail::work& queued) noexcept {
  if (!std::exchange(queued.queued, false))
    return;
  std::erase_if(queue_, [&queued](const item& each) {
    const auto* waiting = std::get_if<detail::work*>(&each);
    return waiting && *waiting == &queued;
  });
}

void simulated_reactor::schedule(caf::resumable* job) {
  remember(job);
  queue_.emplace_back(job);
}

void simulated_reactor::remember(caf::resumable* job) {
  if (job->subtype() != caf::resumable::scheduled_actor)
    return;
  const auto [place, fresh] = residents_.try_emplace(job);
  if (!fresh)
    return;
  place->second = {caf::weak_actor_ptr{static_cast<caf::scheduled_actor*>(job)->ctrl()},
                   residents_seen_++};
  if (residents_.size() > residents_limit_)
    forget_the_dead();
}

void simulated_reactor::forget_the_dead() {
  std::erase_if(residents_, [](const auto& each) { return living(each.second.actor) == nullptr; });
  residents_limit_ = std::max<std::size_t>(64, 2 * residents_.size());
}

}  // namespace byssus::testing
