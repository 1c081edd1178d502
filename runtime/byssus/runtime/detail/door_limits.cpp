#include "byssus/runtime/detail/door_limits.hpp"

#include <algorithm>

namespace byssus::detail {

namespace {

constexpr std::size_t kept_for_others = 64;

/// For connections, told strangers included; at least the two that a door needs to work at all.
std::size_t available(const descriptor_budget& budget) {
  const auto taken = budget.open + kept_for_others;
  return budget.most > taken + 2 ? budget.most - taken : 2;
}

}  // namespace

door_limits limit_door(const config& settings, const descriptor_budget& budget) {
  door_limits limits;
  auto& rules = limits.rules;
  rules.hello_deadline = settings.hello_deadline;
  rules.most_hello_bytes = settings.most_hello_bytes;
  rules.most_plain_listeners = settings.most_listeners;
  rules.most_per_address = settings.most_per_address;
  rules.accepts_a_second = settings.accept_rate;
  if (settings.most_connections > 0)
    rules.most_sockets = settings.most_connections;
  if (budget.most > 0) {
    const auto sockets = available(budget);
    rules.most_turned_away = std::clamp<std::size_t>(sockets / 16, 1, 256);
    const auto possible = sockets - rules.most_turned_away;
    if (settings.most_connections > possible)
      limits.warning = "this process may have " + std::to_string(budget.most) +
                       " descriptors, which is enough for " + std::to_string(possible) +
                       " connections, not for " + std::to_string(settings.most_connections) +
                       "; raise it with ulimit -n";
    rules.most_sockets =
        settings.most_connections > 0 ? std::min(settings.most_connections, possible) : possible;
  }
  rules.most_strangers = rules.most_sockets + rules.most_turned_away;
  return limits;
}

}  // namespace byssus::detail
