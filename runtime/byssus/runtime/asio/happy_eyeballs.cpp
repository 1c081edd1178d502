#include "byssus/runtime/asio/happy_eyeballs.hpp"

#include <algorithm>

namespace byssus::detail {

std::vector<tcp::endpoint> interleaved(const std::vector<tcp::endpoint>& sorted) {
  auto rest = sorted;
  std::vector<tcp::endpoint> turns;
  turns.reserve(sorted.size());
  while (!rest.empty()) {
    auto next = std::find_if(rest.begin(), rest.end(), [&](const tcp::endpoint& each) {
      return turns.empty() || each.protocol() != turns.back().protocol();
    });
    if (next == rest.end())
      next = rest.begin();  // the other family has no more
    turns.push_back(*next);
    rest.erase(next);
  }
  return turns;
}

std::size_t happy_eyeballs::begin_next(instant now) noexcept {
  last_begin_ = now;
  due_ = now + attempt_delay;
  return begun_++;
}

void happy_eyeballs::on_failed(instant now) noexcept {
  ++failed_;
  due_ = std::min(due_, std::max(now, last_begin_ + least_delay));
}

}  // namespace byssus::detail
