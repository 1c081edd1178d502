#include "byssus/actors/supervision/backoff.hpp"

#include "byssus/actors/errc.hpp"

#include <algorithm>

namespace byssus {

namespace {

constexpr duration least_base = std::chrono::milliseconds{1};

/// The longest delay that may follow `doublings` others, `into` an outage.
duration ceiling_of(const backoff_policy& policy, std::uint32_t doublings, duration into) {
  const auto cap = into < policy.early_span ? policy.cap_early : policy.cap_late;
  auto ceiling = policy.base;
  for (std::uint32_t n = 0; n < doublings && ceiling < cap; ++n)
    ceiling = ceiling > cap / 2 ? cap : ceiling * 2;
  return std::min(ceiling, cap);
}

/// The shortest delay under that ceiling.
duration floor_of(const backoff_policy& policy, duration ceiling) {
  return policy.jitter ? ceiling / 4 : ceiling;
}

/// The first attempt was nobody's try: it may have been the link's very first.
std::uint64_t limited(const backoff_policy& policy, std::uint64_t attempts) {
  return policy.max_tries == 0 ? attempts
                               : std::min<std::uint64_t>(attempts, 1ULL + policy.max_tries);
}

}  // namespace

backoff_policy backoff_policy::fixed(duration delay, std::uint32_t tries) {
  return {.base = delay,
          .cap_early = delay,
          .cap_late = delay,
          .early_span = duration{0},
          .first_at_once = false,
          .stable_after = delay,
          .max_tries = tries,
          .jitter = false};
}

caf::error validate(const backoff_policy& policy) {
  if (policy.base < least_base)
    return make_error(errc::invalid_config, "backoff base must be at least 1 ms");
  if (policy.cap_early < policy.base)
    return make_error(errc::invalid_config, "backoff cap_early must be at least base");
  if (policy.cap_late < policy.cap_early)
    return make_error(errc::invalid_config, "backoff cap_late must be at least cap_early");
  if (policy.cap_late > std::chrono::hours{24})
    return make_error(errc::invalid_config, "backoff cap_late must be at most 24 h");
  if (policy.early_span < duration{0})
    return make_error(errc::invalid_config, "backoff early_span must not be negative");
  if (policy.stable_after < duration{0})
    return make_error(errc::invalid_config, "backoff stable_after must not be negative");
  return {};
}

std::uint64_t most_attempts(const backoff_policy& policy, duration span) {
  if (span < duration{0})
    return 0;
  // An earlier attempt never makes the next one later, so the shortest delays give the most
  // attempts.
  std::uint32_t doublings = 0;
  auto passed = duration{0};
  for (;;) {
    const auto ceiling = ceiling_of(policy, doublings, passed);
    const auto step = floor_of(policy, ceiling);
    if (ceiling == policy.cap_late)  // nothing is longer, so the rest is a division
      return limited(policy, 1ULL + doublings + static_cast<std::uint64_t>((span - passed) / step));
    if (passed + step > span)
      return limited(policy, 1ULL + doublings);
    passed += step;
    ++doublings;
  }
}

void backoff::ended(instant now, duration up_for) {
  if (was_stable(up_for)) {
    outage_began_ = now;
    tries_ = 0;
    doublings_ = 0;
    at_once_ = policy_.first_at_once;
  } else if (!outage_began_) {
    outage_began_ = now;
  }
}

std::optional<duration> backoff::next(instant now, random_source& random) {
  if (policy_.max_tries != 0 && tries_ >= policy_.max_tries)
    return std::nullopt;
  ++tries_;
  if (at_once_) {
    at_once_ = false;
    return duration{0};
  }
  if (!outage_began_)
    outage_began_ = now;
  const auto ceiling = ceiling_of(policy_, doublings_++, now - *outage_began_);
  const auto floor = floor_of(policy_, ceiling);
  return floor + random.up_to(ceiling - floor);
}

std::optional<duration> backoff::next_within(duration window, instant now, random_source& random) {
  const auto delay = next(now, random);
  if (!delay)
    return std::nullopt;
  return std::max(*delay, random.up_to(window));
}

}  // namespace byssus
