#include "link_record.hpp"

namespace byssus::tests {

namespace {

/// The app hears of a state at the instant at which the supervisor decides, unless its host was
/// stopped meanwhile. Near the limit of what counts as stable, both verdicts are right.
constexpr duration doubt = std::chrono::milliseconds{500};

bool may_follow(link_phase before, link_phase next) {
  switch (before) {
    case link_phase::connecting:
      return next == link_phase::up || next == link_phase::down || next == link_phase::failed;
    case link_phase::up:
      return next == link_phase::suspect || next == link_phase::down || next == link_phase::failed;
    case link_phase::suspect:
      return next == link_phase::up || next == link_phase::down || next == link_phase::failed;
    case link_phase::down:
      return next == link_phase::connecting || next == link_phase::failed;
    case link_phase::failed:
      return false;
  }
  return false;
}

}  // namespace

void link_record::on_state(instant now, const link_state& state) {
  check_step(state);
  if (state.phase == link_phase::down)
    check_delay(now, state);
  if (state.phase == link_phase::connecting)
    check_rate(now);
  if (state.phase == link_phase::up && phase_ != link_phase::suspect)
    up_since_ = now;
  if (state.phase == link_phase::failed)
    complain("failed, " + to_string(state));
  // A preface that was delayed for long finds a plain listener's place, and lines; after a welcome
  // nothing may be wrong.
  const bool was_welcome = phase_ == link_phase::up || phase_ == link_phase::suspect;
  if ((was_welcome && state.reason == errc::protocol_violation) ||
      state.reason == errc::actor_failed)
    complain("broke for no fault of the network, " + to_string(state));
  phase_ = state.phase;
  begun_ = true;
}

void link_record::check_step(const link_state& next) {
  const bool right = begun_ ? may_follow(phase_, next.phase) : next.phase == link_phase::connecting;
  if (!right)
    complain("went from " + std::string{begun_ ? name(phase_) : "nothing"} + " to " +
             to_string(next));
}

/// What the link says of its next attempt has to follow from the policy.
void link_record::check_delay(instant now, const link_state& next) {
  const auto up_for = up_since_ ? now - *up_since_ : duration{0};
  const bool was_up = up_since_.has_value();
  up_since_.reset();
  const bool at_once = was_up && next.retry_in == duration{0};
  if (at_once && up_for < policy_.stable_after - doubt)
    complain("does not wait after a short connection");
  if (!at_once && was_up && up_for > policy_.stable_after + doubt)
    complain("waits after a stable connection, " + to_string(next));
  if (at_once) {
    outage_since_ = now;
    attempts_in_outage_ = 0;
  }
  if (!outage_since_)
    outage_since_ = now;
  const bool early = now - *outage_since_ < policy_.early_span - doubt;
  if (next.retry_in > (early ? policy_.cap_early : policy_.cap_late))
    complain("waits longer than its policy says, " + to_string(next));
  promised_ = now + next.retry_in;
}

void link_record::check_rate(instant now) {
  if (promised_ && now < *promised_)
    complain("attempts earlier than it has said");
  promised_.reset();
  ++attempts_in_outage_;
  if (outage_since_ && attempts_in_outage_ > most_attempts(policy_, now - *outage_since_))
    complain("attempts more often than its policy says: " + std::to_string(attempts_in_outage_));
}

/// On one connection nothing is lost, repeated or out of order, and no text ever comes twice.
void link_record::on_message(std::uint64_t attempt, const message& said) {
  auto& last = last_offsets_[{attempt, said.room}];
  if (last != 0 && said.offset != last + 1)
    complain("offset " + std::to_string(said.offset) + " after " + std::to_string(last));
  last = said.offset;
  if (++heard_[said.sender + '/' + said.payload] > 1)
    complain("heard twice: " + said.payload);
}

std::size_t link_record::heard(const std::string& text) const {
  const auto found = heard_.find(text);
  return found == heard_.end() ? 0 : found->second;
}

}  // namespace byssus::tests
