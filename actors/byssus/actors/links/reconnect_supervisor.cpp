#include "byssus/actors/links/reconnect_supervisor.hpp"

#include "byssus/actors/links/client_session.hpp"
#include "byssus/actors/links/dialed_connection.hpp"
#include "byssus/actors/links/heartbeat.hpp"
#include "byssus/actors/links/plain_session.hpp"
#include "byssus/protocol/limits.hpp"

#include <utility>

namespace byssus {

namespace {

std::shared_ptr<link_session> session_for(const link_config& config,
                                          reconnect_supervisor_actor::pointer owner,
                                          const link_observer_actor& app) {
  const auto [frames, bytes] = config.window;
  if (config.mode == link_mode::plain)
    return std::make_shared<plain_session>(
        owner, app, plain_session::bounds{config.most_waiting_bytes, {frames, bytes}});
  const auto publisher = reactor::of(owner).random().next() & protocol::max_number;
  // A fresh connection has the whole window, and the app perhaps as much of the one before it.
  return std::make_shared<client_session>(owner, app, publisher, config.most_waiting_bytes,
                                          app_inbox::load{2 * frames, 2 * bytes});
}

}  // namespace

reconnect_supervisor_state::reconnect_supervisor_state(reconnect_supervisor_actor::pointer self)
    : self_(self), timer_inlet_(self), retry_timer_(reactor::of(self).timers(), timer_inlet_) {}

reconnect_supervisor_state::~reconnect_supervisor_state() {
  if (session_)
    session_->orphan();
}

void reconnect_supervisor_state::begin(link_config config, link_observer_actor observer) {
  auto& random = reactor::of(self_).random();
  alive_ = self_;
  observer_ = std::move(observer);
  retry_.emplace(config.retry);
  pool_.emplace(config.endpoints, random);
  session_ = session_for(config, self_, observer_);
  config_ = std::make_shared<const link_config>(std::move(config));
  connect();
}

// -- making and ending connections
// ---------------------------------------------------------------------------------

/// A fresh socket for every attempt: a fresh CONNECTION, which is all that ever dials.
void reconnect_supervisor_state::connect() {
  tell(link_phase::connecting);
  const auto attempt = ++attempts_;
  auto fresh = session_->connect({config_, pool_->current(), attempt});
  self_->link_to(fresh);
  candidate_ = incarnation{attempt, std::move(fresh), {}, {}};
}

void reconnect_supervisor_state::on_up(const connection_up& up) {
  if (!candidate_ || candidate_->attempt != up.attempt)
    return;
  kill(current_);
  current_ = std::exchange(candidate_, std::nullopt);
  current_->up_since = reactor::of(self_).now();
  auto rhythm = config_->heartbeat;
  rhythm.interval = up.heartbeat;
  current_->heartbeat = reactor::of(self_).spawn(heartbeat, rhythm, current_->connection,
                                                 reconnect_supervisor_actor{self_}, up.attempt);
  self_->link_to(current_->heartbeat);
  pool_->succeeded();
  tell(link_phase::up);
  session_->on_announced();
}

/// Lets an incarnation end by itself: what it says from now on is of the past.
void reconnect_supervisor_state::release(std::optional<incarnation>& slot) {
  if (!slot)
    return;
  self_->unlink_from(slot->connection);
  if (slot->heartbeat) {
    self_->unlink_from(slot->heartbeat);
    self_->send_exit(slot->heartbeat, caf::exit_reason::user_shutdown);
  }
  slot.reset();
}

/// Ends an incarnation now, socket and all.
void reconnect_supervisor_state::kill(std::optional<incarnation>& slot) {
  if (!slot)
    return;
  if (session_->belongs_to(slot->attempt))
    session_->end();
  const auto doomed = slot->connection;
  release(slot);
  self_->send_exit(doomed, caf::exit_reason::kill);
}

// -- what the connection and its heartbeat say
// ---------------------------------------------------------------------

void reconnect_supervisor_state::on_down(const connection_down& down) {
  auto* slot = find(down.attempt);
  if (slot == nullptr)
    return;
  const auto up_for = age(**slot);
  if (session_->belongs_to(down.attempt))
    session_->end();
  release(*slot);
  respawn_later({down.reason, down.detail, down.terminal, down.return_within, up_for});
}

void reconnect_supervisor_state::on_overdue(const ping_overdue& ping) {
  if (is_current(ping.attempt) && phase_ == link_phase::up)
    tell(link_phase::suspect);
}

void reconnect_supervisor_state::on_answered(const ping_answered& ping) {
  if (is_current(ping.attempt) && phase_ == link_phase::suspect)
    tell(link_phase::up);
}

/// The heart of it all: a failed ping ends the connection, and a fresh one takes its place.
void reconnect_supervisor_state::on_ping_failed(const ping_failed& ping) {
  if (!is_current(ping.attempt))
    return;
  const auto up_for = age(*current_);
  kill(current_);
  respawn_later({errc::heartbeat_lost, std::to_string(ping.misses) + " pings missed", false,
                 duration{0}, up_for});
}

/// Children are linked: one that dies without a word is lost like any other. An exit from elsewhere
/// ends the link.
void reconnect_supervisor_state::on_exit(const caf::exit_msg& exit) {
  for (auto* slot : {&current_, &candidate_}) {
    if (!*slot)
      continue;
    const bool ours = exit.source == (*slot)->connection || exit.source == (*slot)->heartbeat;
    if (!ours)
      continue;
    const auto up_for = age(**slot);
    kill(*slot);
    return respawn_later(
        {errc::actor_failed, caf::to_string(exit.reason), false, duration{0}, up_for});
  }
  if (exit.reason)
    stop(errc::stopped);
}

// -- coming back
// ---------------------------------------------------------------------------------------------------

void reconnect_supervisor_state::respawn_later(const ending& ended) {
  if (ended.terminal)
    return fail(ended.reason, ended.detail);
  const auto delay = delay_after(ended);
  if (!delay)
    return fail(errc::too_many_attempts,
                ended.detail.empty() ? std::string{sentence(ended.reason)} : ended.detail);
  retry_timer_.start(*delay);
  tell(link_phase::down, ended.reason, ended.detail, *delay);
}

std::optional<duration> reconnect_supervisor_state::delay_after(const ending& ended) {
  auto& home = reactor::of(self_);
  retry_->ended(home.now(), ended.up_for);
  if (ended.return_within > duration{0}) {
    pool_->move_on();
    return retry_->next_within(ended.return_within, home.now(), home.random());
  }
  if (!retry_->was_stable(ended.up_for))
    pool_->failed();
  return retry_->next(home.now(), home.random());
}

void reconnect_supervisor_state::on_retry() {
  if (phase_ == link_phase::down)
    connect();
}

void reconnect_supervisor_state::fail(errc reason, std::string detail) {
  session_->close(reason);
  tell(link_phase::failed, reason, std::move(detail));
}

void reconnect_supervisor_state::stop(errc reason) {
  retry_timer_.stop();
  session_->close(reason);
  for (auto* slot : {&current_, &candidate_}) {
    if (!*slot)
      continue;
    self_->send((*slot)->connection,
                close_request{protocol::close_code::going_away, "the link was stopped"});
    release(*slot);
  }
  if (phase_ != link_phase::failed)
    tell(link_phase::failed, reason);
  self_->quit();
}

void reconnect_supervisor_state::tell(link_phase phase, errc reason, std::string detail,
                                      duration retry_in) {
  phase_ = phase;
  const auto attempt =
      current_ ? current_->attempt : attempts_ + (phase == link_phase::connecting ? 1 : 0);
  self_->send(observer_, link_state{phase, reason, std::move(detail), retry_in, attempt});
}

std::optional<reconnect_supervisor_state::incarnation>* reconnect_supervisor_state::find(
    std::uint64_t attempt) noexcept {
  if (is_current(attempt))
    return &current_;
  return candidate_ && candidate_->attempt == attempt ? &candidate_ : nullptr;
}

bool reconnect_supervisor_state::is_current(std::uint64_t attempt) const noexcept {
  return current_ && current_->attempt == attempt;
}

duration reconnect_supervisor_state::age(const incarnation& slot) const {
  return slot.heartbeat ? reactor::of(self_).now() - slot.up_since : duration{0};
}

reconnect_supervisor_actor::behavior_type reconnect_supervisor(
    reconnect_supervisor_actor::stateful_pointer<reconnect_supervisor_state> self,
    link_config config, link_observer_actor observer) {
  self->state.begin(std::move(config), std::move(observer));
  self->set_exit_handler([self](caf::exit_msg& exit) { self->state.on_exit(exit); });
  return {
      [self](const connection_up& up) { self->state.on_up(up); },
      [self](const connection_down& down) { self->state.on_down(down); },
      [self](const ping_overdue& ping) { self->state.on_overdue(ping); },
      [self](const ping_answered& ping) { self->state.on_answered(ping); },
      [self](const ping_failed& ping) { self->state.on_ping_failed(ping); },
      [self](const publish_request& request) {
        auto answer = self->make_response_promise<receipt>();
        self->state.session().publish(request, answer);
        return answer;
      },
      [self](const join_request& request) {
        auto answer = self->make_response_promise<joined>();
        self->state.session().join(request, answer);
        return answer;
      },
      [self](const leave_request& request) { self->state.session().leave(request); },
      [self](const presence_request& request) {
        auto answer = self->make_response_promise<room_presence>();
        self->state.session().ask(request, answer);
        return answer;
      },
      [self](const say_request& request) {
        auto answer = self->make_response_promise<text_sent>();
        self->state.session().say(request, answer);
        return answer;
      },
      [self](const messages_handled& done) { self->state.session().on_handled(done); },
      [self](const stop_request&) { self->state.stop(errc::stopped); },
      [self](const timer_signal&) { self->state.on_retry(); },
  };
}

}  // namespace byssus
