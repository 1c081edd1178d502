#pragma once

#include "byssus/actors/ports/timer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

/// \file
/// Who has been silent for too long, among a hundred thousand connections, with one timer for all.

namespace caf {
class scheduled_actor;
}

namespace byssus {

class reap_wheel;

/// One connection's place in a wheel: a member of its actor's state, so that it ends with it.
/// Neither copied nor moved, since the wheel links the object itself. Reactor's thread only.
class reap_entry {
public:
  /// @param owner the actor whose state this is a member of; never touched here
  explicit reap_entry(caf::scheduled_actor* owner) noexcept : owner_{owner} {}
  ~reap_entry() { leave(); }

  reap_entry(const reap_entry&) = delete;
  reap_entry& operator=(const reap_entry&) = delete;

  /// Bytes have come: pushes the deadline out. One store, whether entered or not.
  void seen(instant now) noexcept { last_seen_ = now; }

  /// Does nothing when not entered.
  void leave() noexcept;

  /// Claims that a wheel watches it: between `reap_wheel::enter` and `leave` or its expiry.
  bool entered() const noexcept { return wheel_ != nullptr; }
  /// The actor whose state it is a member of; alive as long as this is.
  caf::scheduled_actor* owner() const noexcept { return owner_; }

  /// When it expires, if nothing comes any more.
  instant deadline() const noexcept { return last_seen_ + allowance_; }

private:
  friend class reap_wheel;

  caf::scheduled_actor* owner_;
  reap_wheel* wheel_ = nullptr;
  reap_entry* next_ = nullptr;
  reap_entry** link_ = nullptr;  ///< the pointer that points here
  instant last_seen_{};
  duration allowance_{0};
};

/// Deadlines in buckets of one second. Lazy: activity only notes the time, and the tick that comes
/// to an entry's old bucket looks whether it has moved on. So bytes cost O(1), and an idle
/// connection is looked at once per 3 intervals + 3 s. Shared by the REAPER and the connections of
/// one reactor, on its thread. Either may go first: the wheel lets its entries go when it is
/// destroyed.
class reap_wheel {
public:
  /// How often `advance` is to be called.
  static constexpr duration tick = std::chrono::seconds{1};

  reap_wheel() = default;
  ~reap_wheel();
  reap_wheel(const reap_wheel&) = delete;
  reap_wheel& operator=(const reap_wheel&) = delete;

  /// Silence that a connection with such a heartbeat is allowed: 3 intervals + 3 s.
  static constexpr duration allowance(duration interval) noexcept {
    return 3 * interval + std::chrono::seconds{3};
  }

  /// Watches `entry` from `now` on. Entered again, it has a new interval. A plain-mode connection
  /// that never sent ping is not to be entered.
  void enter(reap_entry& entry, duration interval, instant now) noexcept;

  /// Takes out every entry whose deadline has passed at `now` and names it to `expired`, which may
  /// destroy it or any other. To be called every `tick`: an entry expires at its deadline or less
  /// than two ticks after.
  void advance(instant now, const std::function<void(reap_entry&)>& expired);

  /// Entries that it watches.
  std::size_t size() const noexcept { return size_; }

private:
  friend class reap_entry;

  /// Beyond it an entry waits in the last bucket and is looked at in between: 3 intervals of 20 s +
  /// 3 s fit.
  static constexpr std::size_t bucket_count = 64;

  static std::int64_t tick_of(instant when) noexcept;
  reap_entry*& bucket(std::int64_t of_tick) noexcept;
  void place(reap_entry& entry) noexcept;
  void empty_bucket(std::int64_t which, instant now,
                    const std::function<void(reap_entry&)>& expired);

  std::array<reap_entry*, bucket_count> buckets_{};
  std::int64_t done_ = 0;  ///< the last tick whose bucket was looked at
  bool started_ = false;
  std::size_t size_ = 0;
};

}  // namespace byssus
