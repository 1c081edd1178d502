#pragma once

#include "byssus/runtime/config.hpp"
#include "byssus/runtime/door.hpp"

#include <cstddef>
#include <string>

namespace byssus::detail {

/// What a process has descriptors for.
struct descriptor_budget {
  std::size_t most = 0;  ///< as the system allows; 0: unknown
  std::size_t open = 0;  ///< taken already
};

/// A door's rules as configured, and as far as descriptors allow.
struct door_limits {
  door_rules rules;
  /// One line for the log if the process has fewer descriptors than configured, or else empty.
  std::string warning;
};

/// Of the descriptors that are not open yet, 64 are left to what is no client: files, lookups,
/// links of the node; and a sixteenth, at most 256, to strangers who are being turned away.
door_limits limit_door(const config& settings, const descriptor_budget& budget);

}  // namespace byssus::detail
