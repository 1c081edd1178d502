#pragma once

#include "byssus/actors/ports/random_source.hpp"
#include "byssus/actors/ports/timer.hpp"

#include <caf/error.hpp>

#include <cstdint>
#include <optional>

/// \file
/// How long to wait before the next attempt. Pure: instants come in, delays go out.

namespace byssus {

/// By what rule attempts follow each other while something is down.
///
/// Delay number n of an outage (n from 0) is spread over [c/4, c], where c, its *ceiling*, is
/// min(cap, base · 2^n): exponential back-off with full jitter (AWS architecture blog, "Exponential
/// BackOff And Jitter", 2015), but for a floor. Without the floor no bound on attempts would hold
/// (each delay could be 0). It costs 5 % of the mean time until a node that comes back is found:
/// 0.35 c instead of 0.33 c.
struct backoff_policy {
  /// The first ceiling. > 0.
  duration base = std::chrono::milliseconds{200};

  /// The highest ceiling in the first `early_span` of an outage. At least `base`.
  duration cap_early = std::chrono::seconds{2};

  /// The highest ceiling after it. At least `cap_early`.
  duration cap_late = std::chrono::seconds{20};

  /// From the begin of the outage. At least 0.
  duration early_span = std::chrono::seconds{60};

  /// After a stable connection the first attempt waits for nothing.
  bool first_at_once = true;

  /// How long a connection must have been up so that its end begins a new outage; one that ends
  /// sooner goes on climbing. By Pekko's rule (least + longest delay) / 2, which is 10 s here: a
  /// node that dies again and again soon after it starts sees the late rate, not the early one. At
  /// least 0.
  duration stable_after = std::chrono::seconds{10};

  /// Delays in one outage before `next` gives up; 0: never.
  std::uint32_t max_tries = 0;

  /// False: every delay is its ceiling.
  bool jitter = true;

  /// The named preset: waits `delay` before each attempt, and gives up after `tries`.
  static backoff_policy fixed(duration delay = std::chrono::seconds{3}, std::uint32_t tries = 5);

  friend bool operator==(const backoff_policy&, const backoff_policy&) = default;
};

/// Returns `errc::invalid_config` with the field and its range, or no error.
caf::error validate(const backoff_policy& policy);

/// The most attempts that one outage can bring in any `span` of time, whatever the dice say: the
/// guarantee that a node can count on at its door. A connection that was stable begins another
/// outage, so several outages in `span` add up, each at least `stable_after` after the one before.
/// Attempts that fail slowly only make it fewer. The link's very first attempt counts as the
/// outage's.
std::uint64_t most_attempts(const backoff_policy& policy, duration span);

/// One link's (or child's) place in its policy.
class backoff {
public:
  /// @pre `validate(policy)` is no error.
  explicit backoff(backoff_policy policy) noexcept : policy_{policy} {}

  /// An attempt or connection ended at `now`, after it was up for `up_for` (0: it never came up).
  /// Starts a new outage if it was stable or nothing was wrong before; otherwise the outage goes
  /// on. To be called once per attempt, before `next`.
  void ended(instant now, duration up_for);

  /// How long to wait from `now` until the next attempt; nothing: give up. Each call is one try.
  std::optional<duration> next(instant now, random_source& random);

  /// As `next`, but the node said goaway and asked to come back within `window`: after a stable
  /// connection a uniform choice from [0, window]. A node that says goaway to connections that are
  /// not stable gets the later of that and `next`, lest its window became a way around the policy.
  std::optional<duration> next_within(duration window, instant now, random_source& random);

  /// Claims that a connection which lived so long ends an outage.
  bool was_stable(duration up_for) const noexcept {
    return up_for > duration{0} && up_for >= policy_.stable_after;
  }

  /// Delays given in this outage.
  std::uint32_t tries() const noexcept { return tries_; }

  /// The policy as it was given.
  const backoff_policy& policy() const noexcept { return policy_; }

private:
  backoff_policy policy_;
  std::optional<instant> outage_began_;
  std::uint32_t tries_ = 0;
  std::uint32_t doublings_ =
      0;                  ///< as tries_, without those that were at once or in a goaway's window
  bool at_once_ = false;  ///< the outage's first attempt may follow without delay
};

}  // namespace byssus
