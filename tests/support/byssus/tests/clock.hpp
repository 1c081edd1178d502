#pragma once

#include <ctime>

namespace byssus::tests {

/// The system's monotonic clock, in seconds: the same for all processes of a machine.
inline double seconds_now() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace byssus::tests
