#include "byssus/runtime/detail/link_registry.hpp"

#include "byssus/actors/links/reconnect_supervisor.hpp"
#include "byssus/runtime/detail/failure_of.hpp"
#include "byssus/runtime/startup_error.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <future>
#include <thread>
#include <utility>

namespace byssus::detail {

namespace {

/// What a closing connection may take beyond its deadline.
constexpr duration grace = std::chrono::seconds{1};

/// How often reactors are asked whether their last connection has closed; 0.3 ms is what most take.
constexpr duration between_looks = std::chrono::milliseconds{1};

/// How many timers run on the reactors, each asked on its own thread.
std::size_t running_timers(const std::vector<reactor*>& reactors) {
  std::vector<std::future<std::size_t>> answers;
  for (auto* each : reactors) {
    auto asked = std::make_shared<std::promise<std::size_t>>();
    answers.push_back(asked->get_future());
    each->post([each, asked] { asked->set_value(each->timers().running()); });
  }
  std::size_t sum = 0;
  for (auto& answer : answers)
    sum += answer.get();
  return sum;
}

void await_deaths(caf::scoped_actor& waiter, std::size_t left) {
  for (; left > 0; --left)
    waiter->receive([](const caf::down_msg&) {});
}

}  // namespace

link_registry::link_registry(caf::actor_system& system, const std::vector<reactor*>& reactors,
                             std::shared_ptr<journal> lines)
    : system_(system), reactors_(reactors), journal_(std::move(lines)) {}

reconnect_supervisor_actor link_registry::make(link_config config, link_observer_actor observer) {
  const std::lock_guard guard{lock_};
  return spawn(std::move(config), std::move(observer));
}

std::shared_ptr<link_end> link_registry::make(link_config config) {
  const std::lock_guard guard{lock_};
  auto outlet = system_.spawn(link_outlet, journal_);
  auto supervisor = spawn(std::move(config), outlet);
  links_.back().outlet = caf::actor_cast<caf::weak_actor_ptr>(outlet);
  auto end = std::make_shared<link_end>(outlet, supervisor, journal_);
  end->post([supervisor](link_outlet_state& state) { state.use(supervisor); });
  return end;
}

reconnect_supervisor_actor link_registry::spawn(link_config config, link_observer_actor observer) {
  if (closed_)
    throw startup_error{errc::stopped, "cannot make a link: the node has been stopped"};
  if (const auto wrong = validate(config))
    throw startup_error{errc::invalid_config,
                        "cannot make a link: " + to_string(failure_of(wrong))};
  std::erase_if(links_, [](const entry& each) {
    return each.supervisor.lock() == nullptr && each.outlet.lock() == nullptr;
  });
  longest_closing_ = std::max(longest_closing_, config.closing_deadline);
  auto* home = reactors_[dealt_++ % reactors_.size()];
  auto supervisor = home->spawn(reconnect_supervisor, std::move(config), std::move(observer));
  links_.push_back({caf::actor_cast<caf::weak_actor_ptr>(supervisor), {}});
  return supervisor;
}

/// Callbacks run meanwhile, and may ask for another link: so without the lock.
void link_registry::close() {
  const auto all = close_list();
  caf::scoped_actor waiter{system_, true};
  stop_supervisors(waiter, all);
  end_outlets(waiter, all);
  await_quiet();
}

auto link_registry::close_list() -> std::vector<entry> {
  const std::lock_guard guard{lock_};
  closed_ = true;
  return std::exchange(links_, {});
}

/// By way of its outlet, if a link has one: what the app has asked for goes first.
void link_registry::stop_supervisors(caf::scoped_actor& waiter, const std::vector<entry>& links) {
  std::size_t alive = 0;
  for (const auto& each : links) {
    const auto supervisor = each.supervisor.lock();
    if (!supervisor)
      continue;
    waiter->monitor(supervisor);
    ++alive;
    if (const auto outlet = each.outlet.lock())
      caf::anon_send(caf::actor_cast<link_outlet_actor>(outlet),
                     link_call{[](link_outlet_state& state) { state.stop(); }});
    else
      caf::anon_send(caf::actor_cast<reconnect_supervisor_actor>(supervisor), stop_request{});
  }
  await_deaths(waiter, alive);
}

/// Their supervisors' last word, `failed (stopped)`, is in their mailboxes already.
void link_registry::end_outlets(caf::scoped_actor& waiter, const std::vector<entry>& links) {
  std::size_t alive = 0;
  for (const auto& each : links) {
    const auto outlet = each.outlet.lock();
    if (!outlet)
      continue;
    waiter->monitor(outlet);
    ++alive;
    caf::anon_send(caf::actor_cast<link_outlet_actor>(outlet),
                   link_call{[](link_outlet_state& state) { state.end(); }});
  }
  await_deaths(waiter, alive);
}

/// Connections outlive their supervisors to say goodbye, each under a timer. No timer, no
/// connection.
void link_registry::await_quiet() {
  const auto until = std::chrono::steady_clock::now() + longest_closing_ + grace;
  while (running_timers(reactors_) > 0) {
    if (std::chrono::steady_clock::now() >= until)
      return journal_->write(severity::error, "a connection did not close in time");
    std::this_thread::sleep_for(between_looks);
  }
}

}  // namespace byssus::detail
