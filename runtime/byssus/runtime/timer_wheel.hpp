#pragma once

#include "byssus/actors/ports/timer.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace byssus {

/// The timers of one event loop, as a hierarchical hashed timing wheel (Varghese & Lauck, "Hashed
/// and Hierarchical Timing Wheels", 1987, scheme 7): starting and stopping a timer is O(1) and
/// allocates nothing.
///
/// A tick is 2^20 ns (1.05 ms). Each level has 64 slots; a slot of level n is 64^n ticks wide. A
/// timer stands in the level of the highest 6-bit digit in which its tick differs from the present
/// one, and moves down when time gets there. One bit per slot says whether it is in use, so empty
/// time is skipped and not walked through.
///
///     level 0   |.|.|x|.| …   1 ms each
///     level 1   |.|x|.|.| …  67 ms each
///     level 2   |.|.|.|x| …   4 s  each
///
/// It reads no clock: `now` is the subclass's, and its loop calls `advance`. One thread.
class timer_wheel : public timer_queue {
public:
  /// How much later than its deadline a timer fires at most, beyond the lateness of `advance`
  /// itself.
  static constexpr duration tick{std::int64_t{1} << 20};

  /// Time begins at `origin`; deadlines before it are due at once.
  explicit timer_wheel(instant origin) noexcept : origin_(origin) {}

  /// @pre No timer is running.
  ~timer_wheel() override = default;

  std::size_t running() const noexcept override { return running_; }

  /// Fires every timer whose tick has begun by `present`, tick by tick. A timer that is started
  /// meanwhile waits for the next call, if it is due at once. Callbacks may start, stop and destroy
  /// any timer, and not call `advance`.
  void advance(instant present);

  /// When `advance` is to be called next: no later than the first timer is due, at times earlier.
  /// None without timers.
  std::optional<instant> next_wakeup() const noexcept;

private:
  static constexpr unsigned digit_bits = 6;
  static constexpr unsigned slots_per_level = 1U << digit_bits;
  static constexpr unsigned levels = 7;
  static constexpr unsigned due_slot = levels * slots_per_level;
  static constexpr unsigned firing_slot = due_slot + 1;
  static constexpr std::uint64_t last_tick = (std::uint64_t{1} << (digit_bits * levels)) - 1;

  struct occupied_slot {
    unsigned index;
    std::uint64_t begins;
  };

  void add(timer& added) override;
  void remove(timer& removed) noexcept override;

  std::uint64_t tick_of(instant deadline) const noexcept;
  // `when` is later than the present tick.
  unsigned slot_for(std::uint64_t when) const noexcept;
  std::optional<occupied_slot> first_occupied() const noexcept;
  void link(timer& added, unsigned slot) noexcept;
  timer& unlink_first(unsigned slot) noexcept;
  void fire_all(unsigned slot);
  void spread(unsigned slot);
  void move_first(unsigned from, unsigned to) noexcept;
  void mark(unsigned slot, bool used) noexcept;

  instant origin_;
  std::uint64_t present_tick_ = 0;
  // Where the latest `advance` is going to, or has come: what is started for no later than that is
  // due.
  std::uint64_t reached_tick_ = 0;
  std::size_t running_ = 0;
  // The first timer of each slot; its `previous` is the last one. Two more lists: due at the next
  // call, and firing.
  std::array<timer*, levels * slots_per_level + 2> first_{};
  std::array<std::uint64_t, levels> used_{};
};

}  // namespace byssus
