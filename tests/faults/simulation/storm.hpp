#pragma once

#include "byssus/runtime/testing/fault.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace byssus::tests {

/// What one seed came to.
struct storm_report {
  std::uint64_t seed = 0;
  std::uint64_t hash = 0;               ///< of the whole trace
  testing::fault_counts faults;         ///< that took place
  std::vector<std::string> complaints;  ///< empty: every promise held
};

/// How a storm is made.
struct storm_config {
  std::uint64_t seed = 1;
  std::size_t clients = 4;
  std::size_t reactors = 2;       ///< of the node
  std::size_t faults = 60;        ///< planned; some strike where there is nothing to break
  std::size_t least_faults = 30;  ///< that have to take place
};

/// Runs a node and some clients through 20 virtual minutes of faults that follow from the seed,
/// lets the network heal, and checks that nothing of it has left a mark: every link is up and in
/// its room, what one says all hear once, and actors, timers, sockets and frames are as many as in
/// a world where nothing happened.
storm_report run_storm(const storm_config& config);

}  // namespace byssus::tests
