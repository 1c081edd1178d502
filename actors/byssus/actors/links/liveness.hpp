#pragma once

#include "byssus/actors/links/interfaces.hpp"
#include "byssus/actors/links/round_trip.hpp"

#include <cstdint>
#include <optional>
#include <vector>

/// \file
/// The judge of one connection: alive → suspect → dead. Events in, decisions out; no actor, timer
/// or clock.
///
///                    pong                          alive: a ping every interval, nothing else
///       ┌───────────────────────────────┐
///     alive ── overdue, looked: none ──▶ suspect ── `misses` of them ──▶ dead
///                                        │   ▲ silent: probe at once, deadline doubled
///                                        └───┘ bytes came: look again, a miss per interval

namespace byssus {

/// What the judge wants done now. Several can be set; they are done in this order.
struct liveness_decision {
  bool overdue = false;   ///< tell the supervisor, once: alive → suspect
  bool answered = false;  ///< tell the supervisor: suspect → alive
  bool failed = false;    ///< tell the supervisor, once: dead. Nothing more is wanted after it
  std::optional<std::uint64_t> ping = std::nullopt;  ///< send a ping with this nonce
  bool poll = false;  ///< have the socket looked at, then call `on_polled`

  friend bool operator==(const liveness_decision&, const liveness_decision&) = default;
};

/// Decides whether one connection lives:
///
/// - A ping leaves every interval after the last one. Its pong is due within D, which is
///   `round_trip::deadline()`.
/// - A pong that is overdue is a miss once the socket was looked at and had none. The first miss
///   makes it *suspect*, and a probe (one more ping) leaves at once, due after 2 D. Each silent
///   look is another miss and sends the next probe; each deadline is twice the one before.
/// - The look that may end a suspect connection is no sooner than W after the first of the pings
///   that are judged: min(2.5 s, `misses` intervals).
/// - If bytes have come since the look before, the peer is not silent: no probe, another look after
///   the same time, and a miss for each interval without a pong.
/// - `misses` misses in a row are death. Only a pong ends suspicion; it may answer any ping that
///   left since the last pong.
/// - Woken later than due by more than the deadline itself (the process was stopped), it holds that
///   against nobody: a fresh ping with the same deadline asks again.
///
/// **Bound.** With 3 misses, silent death is found within interval + max(W, 7 D). The peer dies at
/// t, and what it had sent comes in until t + L, L being the way back. A ping that arrives after t
/// is never answered. The first such leaves at s <= t - L + interval, since pings are at most an
/// interval apart, and the first of all comes in the first interval. The look at s + D makes it
/// suspect. With 2 L <= D nothing comes in after t + L < s + 2 L <= s + D, so the looks at s + 3 D
/// and at max(s + 7 D, s + W) are silent: dead, before t + interval + max(W, 7 D). With m misses:
/// interval + max(W, (2^m - 1) D).
///
/// Promised is interval + max(3 s, 7 D); 0.5 s are left for late timers and looks.
///
/// A peer that was mute before it died (suspect, bytes still coming) is found no later. Two looks
/// at most, 2 D apart, until one is silent, and 4 D for the last probe make 8 D <= interval + 7 D.
/// W counts from a ping at s < t, and if bytes came before the look that it put off, one more look
/// follows: 4 D later if the look before was silent, and then t >= s + 3 D - L; else 2 D later, and
/// then t >= s + interval - D - L. Both are before t + interval + max(W, 7 D), since D <= interval
/// and W <= 3 intervals.
///
/// **Why W.** Where D is 200 ms, 7 D is 1.4 s, and TCP, whose timeout is 200 ms at least and
/// doubles, sends a lost ping again after 0.2, 0.6 and 1.4 s: an interruption of little more than
/// 0.6 s may be taken for death. Measured, with an interval of 1 s: without W an interruption of
/// 1.8 s killed 426 of 800 links; with it none.
class liveness {
public:
  /// What W is where intervals are not shorter.
  static constexpr duration most_least_silence = std::chrono::milliseconds{2500};

  /// Nonces count up from `first_nonce`. @pre interval > 0, 1 <= misses.
  liveness(duration interval, std::uint32_t misses, std::uint64_t first_nonce) noexcept;

  /// The connection is up as of `now`; its first ping leaves after `jitter`, in (0, interval].
  void begin(instant now, duration jitter) noexcept;

  /// It is `wake_at()` or later. Early or needless calls decide nothing.
  liveness_decision on_wake(instant now);

  /// A pong has come. One whose nonce is unknown or was answered before proves nothing and is
  /// ignored.
  liveness_decision on_pong(std::uint64_t nonce, instant now);

  /// The socket was looked at; pongs found were told by `on_pong` before. `bytes_received` is all
  /// that the connection has received in its life. Ignored if no look was wanted.
  liveness_decision on_polled(std::uint64_t bytes_received, instant now);

  /// When to call `on_wake`; nothing before `begin` and after death.
  std::optional<instant> wake_at() const noexcept;

  /// Its judgement just now.
  pulse state() const noexcept { return state_; }

  /// Misses in a row.
  std::uint32_t misses() const noexcept { return missed_; }

  /// What it knows of the path; `deadline()` is D.
  const round_trip& timing() const noexcept { return timing_; }

private:
  struct unanswered {
    std::uint64_t nonce;
    instant sent;
    bool sample;  ///< false: it may have waited in a stopped process
  };

  /// How long the judged ping may take: D at first, doubled by each miss.
  struct judgement {
    instant asked;  ///< when the first of the pings that are judged left
    instant due;
    duration patience;
    bool looking = false;  ///< a look was wanted and is not reported yet
  };

  liveness_decision probe_or_die(instant now);
  liveness_decision wait_or_die(instant now);
  liveness_decision ask_again(instant now);
  bool survives_miss(instant now);
  bool is_no_evidence(instant now) const noexcept;
  void distrust() noexcept;
  void forgive(instant now) noexcept;
  void judge_anew(duration patience, instant now) noexcept;
  void wait_for(duration patience, instant now) noexcept;
  duration least_silence() const noexcept;
  std::uint64_t send_ping(instant now);

  duration interval_;
  std::uint32_t most_misses_;
  std::uint64_t next_nonce_;
  round_trip timing_;

  pulse state_ = pulse::alive;
  bool begun_ = false;
  std::uint32_t missed_ = 0;
  instant next_ping_{};  ///< when the next regular ping leaves
  instant last_miss_{};  ///< when the last miss was counted
  std::uint64_t bytes_at_last_look_ = 0;
  std::vector<unanswered> unanswered_;  ///< pings since the last pong, oldest first
  std::optional<judgement> judged_;     ///< none: every ping is answered, or nothing was asked
};

}  // namespace byssus
