#include "byssus/actors/links/endpoint_pool.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace byssus {

endpoint_pool::endpoint_pool(std::vector<endpoint> endpoints, random_source& random) {
  std::sort(endpoints.begin(), endpoints.end());
  endpoints.erase(std::unique(endpoints.begin(), endpoints.end()), endpoints.end());
  entries_.reserve(endpoints.size());
  for (auto& where : endpoints)
    entries_.push_back({std::move(where)});
  // Fisher and Yates by hand: what std::shuffle does with a seed differs between standard
  // libraries.
  for (auto left = entries_.size(); left > 1; --left)
    std::swap(entries_[left - 1], entries_[random.next() % left]);
}

void endpoint_pool::failed() noexcept {
  auto& failures = entries_[at_].failures;
  if (failures < std::numeric_limits<std::uint32_t>::max())
    ++failures;
  move_on();
}

std::uint32_t endpoint_pool::failures(const endpoint& where) const noexcept {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const entry& known) { return known.where == where; });
  return found == entries_.end() ? 0 : found->failures;
}

}  // namespace byssus
