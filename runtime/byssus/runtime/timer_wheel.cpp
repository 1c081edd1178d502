#include "byssus/runtime/timer_wheel.hpp"

#include <algorithm>
#include <bit>

namespace byssus {

void timer_wheel::advance(instant present) {
  // Rounded down here and up in `tick_of`: no timer fires early.
  const auto passed = (present - origin_).count();
  const auto target = passed <= 0 ? 0 : static_cast<std::uint64_t>(passed) >> 20U;
  reached_tick_ = std::max(reached_tick_, target);
  fire_all(due_slot);
  while (const auto next = first_occupied()) {
    if (next->begins > target)
      break;
    present_tick_ = next->begins;
    if (next->index < slots_per_level)
      fire_all(next->index);
    else
      spread(next->index);
  }
  if (target > present_tick_)
    present_tick_ = target;
}

std::optional<instant> timer_wheel::next_wakeup() const noexcept {
  if (first_[due_slot] != nullptr)
    return origin_;
  const auto next = first_occupied();
  if (!next)
    return std::nullopt;
  return origin_ + tick * static_cast<duration::rep>(next->begins);
}

void timer_wheel::add(timer& added) {
  const auto when = tick_of(added.deadline());
  link(added, when <= reached_tick_ ? due_slot : slot_for(when));
  ++running_;
}

void timer_wheel::remove(timer& removed) noexcept {
  const auto slot = static_cast<unsigned>(removed.links.tag);
  auto& first = first_[slot];
  auto* next = removed.links.next;
  auto* previous = removed.links.previous;
  if (first == &removed)
    first = next;
  else
    previous->links.next = next;
  if (next != nullptr)
    next->links.previous = previous;
  else if (first != nullptr)
    first->links.previous = previous;
  if (first == nullptr)
    mark(slot, false);
  removed.links = {};
  --running_;
}

std::uint64_t timer_wheel::tick_of(instant deadline) const noexcept {
  if (deadline <= origin_)
    return 0;
  const auto after = static_cast<std::uint64_t>((deadline - origin_).count());
  const auto rounded_up = (after - 1) / static_cast<std::uint64_t>(tick.count()) + 1;
  return rounded_up < last_tick ? rounded_up : last_tick;
}

unsigned timer_wheel::slot_for(std::uint64_t when) const noexcept {
  const auto highest_bit = static_cast<unsigned>(std::bit_width(when ^ present_tick_)) - 1;
  const auto level = highest_bit / digit_bits;
  const auto digit = static_cast<unsigned>(when >> (level * digit_bits)) % slots_per_level;
  return level * slots_per_level + digit;
}

std::optional<timer_wheel::occupied_slot> timer_wheel::first_occupied() const noexcept {
  // All of a level comes before all of the next one, and nothing stands at or before the present
  // digit of its level.
  for (unsigned level = 0; level < levels; ++level) {
    if (used_[level] == 0)
      continue;
    const auto digit = static_cast<unsigned>(std::countr_zero(used_[level]));
    const auto shift = level * digit_bits;
    const auto above = present_tick_ >> (shift + digit_bits) << (shift + digit_bits);
    return occupied_slot{level * slots_per_level + digit,
                         above | (static_cast<std::uint64_t>(digit) << shift)};
  }
  return std::nullopt;
}

void timer_wheel::link(timer& added, unsigned slot) noexcept {
  auto& first = first_[slot];
  added.links.tag = slot;
  added.links.next = nullptr;
  if (first == nullptr) {
    first = &added;
    added.links.previous = &added;
    mark(slot, true);
    return;
  }
  auto* last = first->links.previous;
  last->links.next = &added;
  added.links.previous = last;
  first->links.previous = &added;
}

timer& timer_wheel::unlink_first(unsigned slot) noexcept {
  auto& taken = *first_[slot];
  remove(taken);
  return taken;
}

void timer_wheel::fire_all(unsigned slot) {
  // Moved away first: what callbacks start may land in this slot again, and is not for this call.
  while (first_[slot] != nullptr)
    move_first(slot, firing_slot);
  while (first_[firing_slot] != nullptr)
    fire(unlink_first(firing_slot));
}

void timer_wheel::spread(unsigned slot) {
  // Each goes to a lower level, or is due right now, when its tick is the first one of this slot.
  while (first_[slot] != nullptr) {
    const auto when = tick_of(first_[slot]->deadline());
    move_first(slot, when == present_tick_ ? firing_slot : slot_for(when));
  }
  while (first_[firing_slot] != nullptr)
    fire(unlink_first(firing_slot));
}

void timer_wheel::move_first(unsigned from, unsigned to) noexcept {
  link(unlink_first(from), to);
  ++running_;
}

void timer_wheel::mark(unsigned slot, bool used) noexcept {
  if (slot >= due_slot)
    return;
  const auto bit = std::uint64_t{1} << (slot % slots_per_level);
  if (used)
    used_[slot / slots_per_level] |= bit;
  else
    used_[slot / slots_per_level] &= ~bit;
}

}  // namespace byssus
