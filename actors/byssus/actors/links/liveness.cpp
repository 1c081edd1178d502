#include "byssus/actors/links/liveness.hpp"

#include <algorithm>
#include <cstddef>

namespace byssus {

liveness::liveness(duration interval, std::uint32_t misses, std::uint64_t first_nonce) noexcept
    : interval_{interval}, most_misses_{misses}, next_nonce_{first_nonce}, timing_{interval} {}

void liveness::begin(instant now, duration jitter) noexcept {
  begun_ = true;
  next_ping_ = now + jitter;
}

std::optional<instant> liveness::wake_at() const noexcept {
  if (!begun_ || state_ == pulse::dead)
    return std::nullopt;
  if (!judged_)
    return next_ping_;
  // A look that nobody reports is asked for again, so that a lost message does not end the watch.
  return judged_->looking ? judged_->due + interval_ : std::min(next_ping_, judged_->due);
}

liveness_decision liveness::on_wake(instant now) {
  const auto wanted = wake_at();
  if (!wanted || now < *wanted)
    return {};
  liveness_decision decision;
  if (judged_ && now >= judged_->due) {
    if (is_no_evidence(now))
      return ask_again(now);
    decision.poll = true;
    if (judged_->looking)
      decision.ping = send_ping(now);
    judged_->looking = true;
    judged_->due = now;
    return decision;
  }
  decision.ping = send_ping(now);
  if (!judged_)
    judge_anew(timing_.deadline(), now);
  return decision;
}

liveness_decision liveness::on_pong(std::uint64_t nonce, instant now) {
  // Nonces are consecutive, and an answer to one says that older ones will not be answered any
  // more.
  const auto place = unanswered_.empty() ? 0 : nonce - unanswered_.front().nonce;
  if (place >= unanswered_.size())
    return {};
  if (is_no_evidence(now))
    distrust();
  const auto& ping = unanswered_[place];
  if (ping.sample)
    timing_.sample(now - ping.sent);
  unanswered_.erase(unanswered_.begin(),
                    unanswered_.begin() + static_cast<std::ptrdiff_t>(place) + 1);
  liveness_decision decision;
  decision.answered = state_ == pulse::suspect;
  forgive(now);
  return decision;
}

liveness_decision liveness::on_polled(std::uint64_t bytes_received, instant now) {
  if (!judged_ || !judged_->looking)
    return {};
  judged_->looking = false;
  const bool grew = bytes_received > bytes_at_last_look_;
  bytes_at_last_look_ = bytes_received;
  if (state_ == pulse::alive || !grew)
    return probe_or_die(now);
  return wait_or_die(now);
}

/// A silent look, or the first one that finds a pong overdue.
liveness_decision liveness::probe_or_die(instant now) {
  liveness_decision decision;
  decision.overdue = state_ == pulse::alive;
  decision.failed = !survives_miss(now);
  if (decision.failed)
    return decision;
  decision.ping = send_ping(now);
  wait_for(2 * judged_->patience, now);
  return decision;
}

/// A look that found bytes, but no pong.
liveness_decision liveness::wait_or_die(instant now) {
  liveness_decision decision;
  decision.failed = now - last_miss_ >= interval_ && !survives_miss(now);
  if (decision.failed)
    return decision;
  wait_for(judged_->patience, now);
  return decision;
}

/// The same question once more, since its time passed while nobody could have heard the answer.
liveness_decision liveness::ask_again(instant now) {
  distrust();
  liveness_decision decision;
  decision.ping = send_ping(now);
  judge_anew(judged_->patience, now);
  return decision;
}

bool liveness::survives_miss(instant now) {
  last_miss_ = now;
  if (++missed_ < most_misses_) {
    state_ = pulse::suspect;
    return true;
  }
  state_ = pulse::dead;
  judged_.reset();
  unanswered_.clear();
  return false;
}

bool liveness::is_no_evidence(instant now) const noexcept {
  return judged_ && !judged_->looking && now - judged_->due > judged_->patience;
}

void liveness::distrust() noexcept {
  for (auto& ping : unanswered_)
    ping.sample = false;
}

/// What is still unanswered gets the time that it would have had, were it the first.
void liveness::forgive(instant now) noexcept {
  state_ = pulse::alive;
  missed_ = 0;
  judged_.reset();
  if (unanswered_.empty())
    return;
  const auto patience = timing_.deadline();
  const auto asked = unanswered_.front().sent;
  judged_ = judgement{asked, std::max(now, asked + patience), patience};
}

void liveness::judge_anew(duration patience, instant now) noexcept {
  judged_ = judgement{now, {}, patience};
  wait_for(patience, now);
}

/// The look that may end a suspect connection is no sooner than W after the first ping.
void liveness::wait_for(duration patience, instant now) noexcept {
  judged_->patience = patience;
  judged_->due = now + patience;
  if (state_ == pulse::suspect && missed_ + 1 == most_misses_)
    judged_->due = std::max(judged_->due, judged_->asked + least_silence());
}

duration liveness::least_silence() const noexcept {
  return std::min(most_least_silence, most_misses_ * interval_);
}

std::uint64_t liveness::send_ping(instant now) {
  const auto nonce = next_nonce_++;
  unanswered_.push_back({nonce, now, true});
  next_ping_ = now + interval_;
  return nonce;
}

}  // namespace byssus
