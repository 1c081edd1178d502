#pragma once

#include <caf/actor_config.hpp>
#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/resumable.hpp>

#include <atomic>
#include <cstddef>
#include <utility>

namespace byssus {

class reactor;

/// Counts of all pinned actors of the process, for tests and statistics.
struct pinned_count {
  /// Actors that exist (their state may be gone, if only a handle keeps them).
  static std::atomic<std::size_t> live;
  /// Times that one was resumed anywhere but on its reactor. Zero, always.
  static std::atomic<std::size_t> strayed;
};

namespace detail {
caf::execution_unit* inner_face_of(reactor& home) noexcept;
bool runs_on(const reactor& home, const caf::execution_unit* unit) noexcept;
}  // namespace detail

/// Ties an actor of type `Base`, any scheduled actor of CAF, to a reactor: it starts there, and
/// whoever sends it a message, it handles it there. Made by `reactor::spawn` alone; `self->spawn`
/// never makes one.
///
/// CAF 0.17 would start an actor on the thread of its spawner and resume it on that of its sender,
/// hence the two overrides, which name the reactor instead.
template <class Base>
class pinned : public Base {
public:
  /// INTERNAL: for `reactor::spawn`. `home` outlives the actor.
  pinned(caf::actor_config& config, reactor* home) : Base(config), home_(home) {
    pinned_count::live.fetch_add(1, std::memory_order_relaxed);
  }

  ~pinned() override { pinned_count::live.fetch_sub(1, std::memory_order_relaxed); }

  using Base::enqueue;

  /// Any thread. Wakes the actor on its reactor, whoever the sender is.
  void enqueue(caf::mailbox_element_ptr element, caf::execution_unit*) override {
    Base::enqueue(std::move(element), detail::inner_face_of(*home_));
  }

  /// Starts the actor on its reactor, whoever spawns it.
  void launch(caf::execution_unit*, bool lazy, bool hide) override {
    Base::launch(detail::inner_face_of(*home_), lazy, hide);
  }

  /// Called by the reactor; counts as strayed if anybody else does.
  caf::resumable::resume_result resume(caf::execution_unit* unit, std::size_t most) override {
    if (!detail::runs_on(*home_, unit))
      pinned_count::strayed.fetch_add(1, std::memory_order_relaxed);
    return Base::resume(unit, most);
  }

private:
  reactor* home_;
};

}  // namespace byssus
