#include "byssus/runtime/detail/link_outlet.hpp"

#include "byssus/runtime/detail/failure_of.hpp"

namespace byssus::detail {

void link_outlet_state::on_state(const link_state& now) {
  last_ = now;
  told_ = true;
  const auto callback = on_state_;  // it may replace itself
  if (now.phase == link_phase::failed)
    release();
  if (callback)
    call(callback, now);
}

/// The supervisor lets the node send more only when it hears that this batch is done.
void link_outlet_state::on_batch(const message_batch& batch) {
  for (const auto& each : batch.messages) {
    const auto found = rooms_.find(each.room);
    const auto callback = found != rooms_.end() ? found->second : on_message_;
    if (callback)
      call(callback, each);
  }
  for (const auto& lost : batch.gaps) {
    if (const auto callback = on_gap_)
      call(callback, lost);
    else
      journal_->write(severity::warning, "room " + lost.room + ": messages " +
                                             std::to_string(lost.from) + " to " +
                                             std::to_string(lost.to) + " are lost: " + lost.reason);
  }
  if (supervisor_)
    self_->send(supervisor_, messages_handled{.attempt = batch.attempt});
}

void link_outlet_state::on_call(const link_call& asked) {
  call(asked.run, *this);
}

void link_outlet_state::observe_states(state_callback callback) {
  on_state_ = supervisor_ ? callback : nullptr;
  if (callback && told_)
    call(callback, last_);
}

// Once the link has failed nothing is kept: nothing comes any more, and what a callback holds would
// hold us.

void link_outlet_state::observe_messages(message_callback callback) {
  on_message_ = supervisor_ ? std::move(callback) : nullptr;
}

void link_outlet_state::observe_gaps(gap_callback callback) {
  on_gap_ = supervisor_ ? std::move(callback) : nullptr;
}

void link_outlet_state::join(const std::string& room, message_callback callback,
                             const std::shared_ptr<answer_slot<joined>>& entry) {
  if (callback && supervisor_)
    rooms_.insert_or_assign(room, std::move(callback));
  else
    rooms_.erase(room);
  ask(join_request{room}, entry);
}

void link_outlet_state::leave(const std::string& room) {
  rooms_.erase(room);
  if (supervisor_)
    self_->send(supervisor_, leave_request{room});
}

void link_outlet_state::stop() {
  if (supervisor_)
    self_->send(supervisor_, stop_request{});
}

void link_outlet_state::end() {
  self_->quit();
}

/// Nothing comes any more: what the callbacks hold, the link itself perhaps, may go.
void link_outlet_state::release() {
  stop();
  supervisor_ = nullptr;
  on_state_ = nullptr;
  on_message_ = nullptr;
  on_gap_ = nullptr;
  rooms_.clear();
}

/// A request that the supervisor's death left unanswered fails with an error of CAF's.
failure link_outlet_state::why(const caf::error& refused) const {
  auto known = failure_of(refused);
  if (known.reason == errc::actor_failed && last_.phase == link_phase::failed)
    return {errc::stopped, {}};
  return known;
}

void link_outlet_state::note_exception(const char* words) {
  journal_->write(severity::error, std::string{"exception out of a link's callback: "} + words);
}

link_outlet_actor::behavior_type link_outlet(
    link_outlet_actor::stateful_pointer<link_outlet_state> self, std::shared_ptr<journal> lines) {
  self->state.begin(std::move(lines));
  return {
      [self](const link_state& now) { self->state.on_state(now); },
      [self](const message_batch& batch) { self->state.on_batch(batch); },
      [self](const link_call& call) { self->state.on_call(call); },
  };
}

}  // namespace byssus::detail
