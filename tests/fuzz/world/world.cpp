#include "world.hpp"

#include "byssus/actors/pinned.hpp"

#include "phrases.hpp"
#include "support/promise.hpp"
#include "support/reach.hpp"
#include <algorithm>
#include <optional>

namespace byssus::fuzz {

namespace {

using namespace std::chrono_literals;

reach welcomed{"an offender who is welcomed"};
reach told_a_code{"an offender who is told a code"};
reach stopped_among_them{"a node that stops while they are there"};

constexpr auto node_name = "node";
constexpr auto witness_name = "witness";
constexpr std::size_t most_dials = 12;
/// What offenders may send at one moment: all that it can become in the lobby is less than may wait
/// for a client, so that the witness has no excuse to fall behind.
constexpr std::size_t breath = 8 * 1024;

std::string host_of(std::size_t number) {
  return "offender " + std::to_string(number + 1);
}

/// Limits that a short input can reach, or those of a node as it is started.
node_settings settings_of(bool tight) {
  node_settings settings;
  settings.listen = {node_name, 7400};
  if (!tight)
    return settings;
  settings.rules.offer.limits = {1024, 2048};
  settings.rules.offer.window = {8, 4096};
  settings.rules.frame_deadline = 2s;
  settings.door.most_sockets = 3;
  settings.door.most_plain_listeners = 1;
  settings.most_rooms_each = 2;
  return settings;
}

}  // namespace

world::world(input& play)
    : play_(&play),
      reactors_(1 + play.up_to(2)),
      node_stops_first_(play.up_to(1) == 1),
      sim_(play.byte()),
      node_(&sim_.host(node_name)),
      budget_(breath) {
  std::vector<reactor*> homes;
  for (std::size_t i = 0; i < reactors_; ++i)
    homes.push_back(&node_->reactor(i));
  tree_ = std::make_unique<node_tree>(std::move(homes), settings_of(play.up_to(1) == 1));
  const auto started = tree_->start();
  promise(bool(started), "a node starts");
  where_ = started.where;
  witness_ = std::make_unique<witness>(sim_.host(witness_name).reactor(), where_);
  expect_within(
      1s, [this] { return witness_->settled(); }, "a witness comes in");
}

world::~world() {
  for (auto& one : offenders_)
    one.reset();
  witness_.reset();
  node_->kill();
  tree_.reset();
}

void world::run() {
  while (!play_->at_end())
    act();
  sim_.advance(1s);
  expect_all_told();
  witness_->say();
  expect_within(
      2s, [this] { return witness_->satisfied(); }, "the witness hears and is answered to the end");
  stopped_among_them.count(node_stops_first_ && dialed_ > 0);
  if (!node_stops_first_)
    part();
  stop();
}

void world::act() {
  const auto number = play_->up_to(offenders_.size() - 1);
  auto& one = offenders_[number];
  switch (play_->up_to(7)) {
    case 0:
      return pass_time();
    case 1:
      return hurt(number);
    case 2:
      return witness_->say();
    default:
      break;
  }
  if ((!one || one->ended()) && dialed_ < most_dials) {
    if (one)
      expect_told(*one);
    ++dialed_;
    one = std::make_unique<offender>(sim_.host(host_of(number)).reactor(), where_);
  }
  if (one)
    speak(*one);
}

void world::speak(offender& one) {
  const auto bounded = std::min(budget_, total_budget_);
  auto budget = bounded;
  switch (play_->up_to(7)) {
    case 0:
    case 1:
      one.send(some_frame(*play_), budget);
      break;
    case 2:
      one.send(some_greeting(*play_), budget);
      break;
    case 3:
      one.send(some_spoilt_frame(*play_), budget);
      break;
    case 4:
      one.send(play_->text(), budget);
      break;
    case 5:
      one.send(some_words(*play_), budget);
      break;
    case 6:
      one.send_again(1 + play_->up_to(63), budget);
      break;
    default:
      one.acknowledge(budget);
      break;
  }
  budget_ -= bounded - budget;
  total_budget_ -= bounded - budget;
}

/// A direction ends, a connection breaks, or one that stays open carries nothing any more.
void world::hurt(std::size_t number) {
  auto& one = offenders_[number];
  if (!one)
    return;
  const auto host = host_of(number);
  auto& network = sim_.network();
  one->excuse();
  switch (play_->up_to(5)) {
    case 0:
      return static_cast<void>(network.half_close(host, node_name));
    case 1:
      return static_cast<void>(network.reset_one(host, node_name));
    case 2:
      return one->hang_up();
    case 3:
      silenced_ |= network.silence_one(host, node_name);
      return;
    case 4:
      silenced_ |= network.silence_direction(host, node_name);
      return;
    default:
      silenced_ |= network.silence_direction(node_name, host);
      return;
  }
}

void world::pass_time() {
  constexpr duration spans[] = {1ms, 10ms, 150ms, 250ms, 1s, 3s, 6s, 20s};
  const auto span = std::min<duration>(play_->one_of(spans), left_);
  left_ -= span;
  sim_.advance(span);
  if (span >= 150ms)
    budget_ = breath;
}

/// The offenders go, and leave the node as if they had never come.
void world::part() {
  for (auto& one : offenders_) {
    if (one)
      one->hang_up();
  }
  // A dead connection is reaped within 3 intervals of a minute, or found by TCP's keepalive.
  sim_.advance(silenced_ ? 200s : 5s);
  const auto left = counts();
  promise(left.sockets == 1 && left.strangers == 0 && left.plain_listeners == 0,
          "a node forgets whoever has gone");
  promise(node_->actors() == 2 * reactors_ + 1, "no actor is left of whoever has gone");
  promise(pinned_count::live == 2 * reactors_ + 1, "no handle keeps what is left of an actor");
  promise(node_->timers_running() == reactors_, "no timer is left of whoever has gone");
  promise(witness_->satisfied(), "the witness is satisfied when the others are gone");
}

void world::stop() {
  witness_->may_end();
  bool stopped = false;
  tree_->stop([&stopped] { stopped = true; });
  expect_within(
      6s, [&stopped] { return stopped; }, "a node stops within its deadlines");
  expect_within(
      1s, [this] { return witness_->ended(); }, "who is there when a node stops is told");
  expect_all_told();
  const auto left = counts();
  promise(left.sockets == 0 && left.strangers == 0 && left.plain_listeners == 0,
          "a node that has stopped has no sockets");
  promise(node_->actors() == 0, "a node that has stopped has no actors");
  promise(node_->timers_running() == 0, "a node that has stopped has no timers");
  promise(sim_.network().open_sockets(node_name) == 0, "a node that has stopped holds no socket");
}

node_counts world::counts() {
  std::optional<node_counts> sum;
  tree_->count([&sum](const node_counts& all) { sum = all; });
  sim_.settle();
  promise(sum.has_value(), "a node tells its counts");
  return *sum;
}

void world::expect_within(duration limit, const std::function<bool()>& done, const char* sentence) {
  promise(sim_.run_until(done, limit), sentence);
}

void world::expect_told(const offender& one) {
  promise(one.was_told(), "whoever is closed is told a code");
  welcomed.count(one.welcomed());
  told_a_code.count(one.code().has_value());
}

void world::expect_all_told() {
  for (const auto& one : offenders_) {
    if (one)
      expect_told(*one);
  }
}

}  // namespace byssus::fuzz
