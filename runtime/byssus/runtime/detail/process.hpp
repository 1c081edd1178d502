#pragma once

#include <cstddef>

/// \file
/// What the system says of this process. Zero what it does not say.

namespace byssus::detail {

/// Descriptors that are open now. Reads /proc: see `with_process`.
std::size_t open_descriptors();

/// Descriptors that may be open at a time: RLIMIT_NOFILE, the soft one.
std::size_t most_descriptors();

/// Memory of the process that is not swapped out.
std::size_t resident_bytes();

}  // namespace byssus::detail
