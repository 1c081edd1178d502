#pragma once

#include "byssus/actors/links/messages.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

namespace byssus {

/// What is on its way to a link's app: gathers what comes into batches, and bounds what the app has
/// not handled yet. Outlives connections, since what a past one brought is still with the app.
///
///     admit, put ──▶ coming ── flush ──▶ with the app ── on_handled ──▶ handled
///
/// Passive; a part of the link's session, on its reactor.
class app_inbox {
public:
  /// How much something is; each bound holds by itself.
  struct load {
    std::uint64_t frames = 0;  ///< counted ones; in plain mode each text is one
    std::uint64_t bytes = 0;   ///< of these frames, or of the texts
  };

  /// No more than `most` is unhandled, but for a single thing that is larger.
  explicit app_inbox(const load& most) noexcept : most_(most) {}

  /// From now on connection `attempt` brings what comes. What its predecessor brought and nobody
  /// flushed is dropped; what is with the app stays there, and counts.
  void begin(std::uint64_t attempt);

  /// Counts `more` in, to be `put` next; false, with nothing counted, if the bound has no room for
  /// it. There always is while nothing is unhandled.
  [[nodiscard]] bool admit(const load& more) noexcept;

  /// Adds to what comes, as it was admitted.
  void put(message said) { coming_.messages.push_back(std::move(said)); }
  /// The same.
  void put(room_gap lost) { coming_.gaps.push_back(std::move(lost)); }

  /// Counts in what the app does not see, and what is handled only when all before it is. The bound
  /// does not refuse it, as it is not kept.
  void follow(const load& more) noexcept { count(more); }

  /// Claims that the app has nothing of the present connection, neither with it nor coming.
  bool idle() const noexcept { return nothing_coming() && !has_present(); }

  /// What has come since the last call, if anything: to be sent to the app.
  std::optional<message_batch> flush();

  /// The app is done with its oldest batch, which connection `attempt` brought. Returns how much
  /// that was; nothing if its oldest one is not of that connection, or it has none.
  std::optional<load> on_handled(std::uint64_t attempt);

  /// How much followed the last batch, if the app is `idle`: that is handled now, too.
  load settle() noexcept;

private:
  struct handed {
    std::uint64_t attempt = 0;
    load weight;
  };

  void count(const load& more) noexcept;
  void discount(const load& done) noexcept;
  bool nothing_coming() const noexcept { return coming_.messages.empty() && coming_.gaps.empty(); }
  bool has_present() const noexcept {
    return !with_app_.empty() && with_app_.back().attempt == coming_.attempt;
  }

  load most_;
  message_batch coming_;         ///< since the last flush, of the present connection
  load coming_load_;             ///< of `coming_`, and of what followed
  load unhandled_;               ///< that, and all that is with the app
  std::deque<handed> with_app_;  ///< batches flushed and not handled, of any connection
};

}  // namespace byssus
