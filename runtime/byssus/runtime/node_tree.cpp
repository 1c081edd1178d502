#include "byssus/runtime/node_tree.hpp"

#include "byssus/protocol/names.hpp"
#include "byssus/runtime/detail/speech_queue.hpp"

#include <future>
#include <string>
#include <utility>

namespace byssus {

node_tree::node_tree(std::vector<reactor*> reactors, const node_settings& settings)
    : reactors_(std::move(reactors)),
      settings_(settings),
      unsaid_(std::make_unique<detail::speech_queue>()) {}

node_tree::~node_tree() = default;

node_start node_tree::start() {
  if (first().runs_here())
    return start_here();
  auto started = std::make_shared<std::promise<node_start>>();
  auto outcome = started->get_future();
  first().post([this, started] { started->set_value(start_here()); });
  return outcome.get();
}

node_start node_tree::start_here() {
  auto result = first().listen(settings_.listen, *this);
  if (!result.socket)
    return {settings_.listen, result.reason, std::move(result.detail)};
  listens_ = std::move(result.socket);
  auto census = std::make_shared<node_census>();
  gate_ = std::make_unique<gate>(first(), settings_.door, census);
  std::vector<room_actor> rooms;
  for (auto* home : reactors_) {
    branches_.push_back(std::make_unique<node_branch>(*home, settings_, branches_.size(), census));
    rooms.push_back(branches_.back()->room());
  }
  for (const auto& branch : branches_)
    branch->meet(rooms);
  return {listens_->where(), errc::none, {}};
}

void node_tree::on_accepted(std::unique_ptr<detached_socket> stranger) {
  auto pass = gate_->judge(*stranger);
  if (const auto rest = gate_->rest(); rest > duration{0})
    listens_->pause(rest);
  if (pass.said() == verdict::dropped)
    return;
  auto* branch = branches_[dealt_++ % branches_.size()].get();
  if (&branch->home() == &first())
    return branch->admit(std::move(stranger), std::move(pass));
  // A function must be copyable, neither of these is.
  struct passed {
    std::unique_ptr<detached_socket> stranger;
    gate_pass pass;
  };
  auto both = std::make_shared<passed>(passed{std::move(stranger), std::move(pass)});
  branch->home().post(
      [branch, both] { branch->admit(std::move(both->stranger), std::move(both->pass)); });
}

void node_tree::on_accept_failed(errc reason) {
  gate_->note_failure(reason);
}

void node_tree::stop(std::function<void()> done) {
  first().post([this, done = std::move(done)]() mutable { stop_here(std::move(done)); });
}

void node_tree::stop_here(std::function<void()> done) {
  if (branches_.empty())
    return done();
  done_.push_back(std::move(done));
  if (done_.size() == 1)
    drain();
}

void node_tree::drain() {
  listens_.reset();
  on_every_reactor([this](std::size_t i, auto then) { branches_[i]->drain(std::move(then)); },
                   [this] { end(); });
}

void node_tree::end() {
  on_every_reactor([this](std::size_t i, auto then) { branches_[i]->end(std::move(then)); },
                   [this] { release(); });
}

void node_tree::release() {
  const auto free_one = [this](std::size_t i, const std::function<void()>& then) {
    branches_[i].reset();
    then();
  };
  on_every_reactor(free_one, [this] {
    branches_.clear();
    gate_.reset();
    const auto waiting = std::exchange(done_, {});
    for (const auto& done : waiting)
      done();
  });
}

void node_tree::on_every_reactor(const step& does, std::function<void()> then) {
  auto left = std::make_shared<std::size_t>(branches_.size());
  const auto one_is_done = [left, then = std::move(then)] {
    if (--*left == 0)
      then();
  };
  for (std::size_t i = 0; i < branches_.size(); ++i)
    reactors_[i]->post([i, does, one_is_done, home = &first()] {
      does(i, [one_is_done, home] { home->post(one_is_done); });
    });
}

void node_tree::serve(const std::string& name, const inline_service& service,
                      std::function<void()> done) {
  first().post([this, name, service, done = std::move(done)] {
    if (branches_.empty() || !done_.empty())
      return done();
    const auto to_one = [this, name, service](std::size_t i, const std::function<void()>& then) {
      branches_[i]->serve(name, service);
      then();
    };
    on_every_reactor(to_one, done);
  });
}

errc node_tree::speak(std::string room, protocol::content_kind kind, std::string payload) {
  if (!protocol::is_valid_name(room))
    return errc::invalid_name;
  if (payload.size() > settings_.rules.offer.limits.message_bytes)
    return errc::payload_too_large;
  switch (unsaid_->put({std::move(room), kind, std::move(payload)})) {
    case detail::speech_queue::outcome::full:
      return errc::send_overflow;
    case detail::speech_queue::outcome::begins:
      first().post([this] { say_some(); });
      break;
    case detail::speech_queue::outcome::queued:
      break;
  }
  return errc::none;
}

/// A turn's worth; what is left in the next turn, after this one's is flushed. Not once the tree
/// stops: it may be gone by then.
void node_tree::say_some() {
  if (branches_.empty() || !done_.empty())
    return unsaid_->clear();
  auto some = unsaid_->take();
  if (some.empty())
    return;
  for (auto& each : some)
    branches_.front()->speak(std::move(each.room), each.kind, std::move(each.payload));
  first().post([this] { say_some(); });
}

void node_tree::count(std::function<void(const node_counts&)> then) {
  first().post([this, then = std::move(then)] {
    auto sum = std::make_shared<node_counts>();
    if (branches_.empty() || !done_.empty())
      return then(*sum);
    sum->accepted = sum->refused = gate_->dropped();
    const auto add = [this, sum](std::size_t i, const std::function<void()>& added) {
      const auto counts = branches_[i]->counts();
      first().post([sum, counts] { *sum += counts; });
      added();
    };
    on_every_reactor(add, [sum, then] { then(*sum); });
  });
}

}  // namespace byssus
