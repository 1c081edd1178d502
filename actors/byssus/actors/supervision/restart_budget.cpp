#include "byssus/actors/supervision/restart_budget.hpp"

#include "byssus/actors/errc.hpp"

namespace byssus {

caf::error validate(const restart_intensity& limit) {
  if (limit.intensity > 100'000)
    return make_error(errc::invalid_config, "restart intensity must be at most 100000");
  if (limit.period <= duration{0})
    return make_error(errc::invalid_config, "restart period must be longer than zero");
  return {};
}

bool restart_budget::allow(instant now) {
  if (spent(now) >= limit_.intensity)
    return false;
  restarts_.push_back(now);
  return true;
}

std::size_t restart_budget::spent(instant now) {
  while (!restarts_.empty() && now - restarts_.front() > limit_.period)
    restarts_.pop_front();
  return restarts_.size();
}

}  // namespace byssus
