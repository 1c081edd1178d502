#include "byssus/runtime/testing/detail/simulated_timers.hpp"

#include <algorithm>

namespace byssus::testing::detail {

std::optional<instant> simulated_timers::next() const noexcept {
  if (queue_.empty())
    return std::nullopt;
  return queue_.begin()->due;
}

void simulated_timers::fire_next() {
  auto& expired = *queue_.begin()->what;
  remove(expired);
  fire(expired);
}

void simulated_timers::add(timer& added) {
  added.links.tag = started_++;
  auto due = std::max(added.deadline(), world_->now);
  if (lateness_ > duration{0})
    due += seeded_random{seed_ + added.links.tag}.up_to(lateness_);
  places_[added.links.tag] = queue_.insert({due, added.links.tag, &added}).first;
}

void simulated_timers::remove(timer& removed) noexcept {
  const auto place = places_.find(removed.links.tag);
  queue_.erase(place->second);
  places_.erase(place);
}

}  // namespace byssus::testing::detail
