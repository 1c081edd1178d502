#include "byssus/actors/links/round_trip.hpp"

#include <algorithm>

namespace byssus {

void round_trip::sample(duration measured) noexcept {
  const auto taken = std::clamp(measured, duration{0}, interval_);
  if (!measured_) {
    measured_ = true;
    srtt_ = taken;
    rttvar_ = taken / 2;
    return;
  }
  // In this order: rttvar is taken against the srtt before this sample.
  rttvar_ = (3 * rttvar_ + std::chrono::abs(srtt_ - taken)) / 4;
  srtt_ = (7 * srtt_ + taken) / 8;
}

duration round_trip::deadline() const noexcept {
  const auto wanted = measured_ ? std::max(least_deadline, srtt_ + 4 * rttvar_) : first_deadline;
  return std::min(wanted, interval_);
}

}  // namespace byssus
