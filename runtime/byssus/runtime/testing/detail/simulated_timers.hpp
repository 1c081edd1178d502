#pragma once

#include "byssus/actors/ports/timer.hpp"
#include "byssus/runtime/testing/detail/world.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>

namespace byssus::testing::detail {

/// The timers of one simulated reactor, in order of time, then of starting.
class simulated_timers final : public timer_queue {
public:
  simulated_timers(world& in, std::uint64_t seed) noexcept : world_(&in), seed_(seed) {}

  instant now() const noexcept override { return world_->now; }
  std::size_t running() const noexcept override { return queue_.size(); }

  /// When the first timer is to fire.
  std::optional<instant> next() const noexcept;

  /// Fires the first timer. @pre There is one.
  void fire_next();

  /// Timers started from now on fire up to `most` late.
  void be_late(duration most) noexcept { lateness_ = most; }

private:
  struct entry {
    instant due;
    std::uint64_t order;
    timer* what;
    friend auto operator<=>(const entry&, const entry&) = default;
  };

  void add(timer& added) override;
  void remove(timer& removed) noexcept override;

  world* world_;
  std::uint64_t seed_;
  std::uint64_t started_ = 0;
  duration lateness_{0};
  std::set<entry> queue_;
  /// By the timers' tags: when a timer is due is not known to itself, since it may be late.
  std::unordered_map<std::uint64_t, std::set<entry>::iterator> places_;
};

}  // namespace byssus::testing::detail
