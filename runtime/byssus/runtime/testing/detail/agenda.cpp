#include "byssus/runtime/testing/detail/agenda.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace byssus::testing::detail {

bool agenda::later(const entry& a, const entry& b) noexcept {
  return std::tie(a.when, a.order) > std::tie(b.when, b.order);
}

void agenda::plan(instant when, std::function<void()> event) {
  heap_.push_back({when, planned_++, std::move(event)});
  std::push_heap(heap_.begin(), heap_.end(), later);
}

std::optional<instant> agenda::next() const noexcept {
  if (heap_.empty())
    return std::nullopt;
  return heap_.front().when;
}

std::function<void()> agenda::take() {
  std::pop_heap(heap_.begin(), heap_.end(), later);
  auto event = std::move(heap_.back().event);
  heap_.pop_back();
  return event;
}

void agenda::clear() {
  while (!heap_.empty())
    std::exchange(heap_, {}).clear();
}

}  // namespace byssus::testing::detail
