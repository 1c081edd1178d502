#pragma once

#include <cstddef>

namespace byssus::fuzz {

/// What this process holds through `operator new`, which `heap.cpp` replaces to count it. One
/// thread; malloc's own overhead is not in it.
struct heap {
  static std::size_t live_bytes() noexcept;
  /// The most that was live since `forget_peak`.
  static std::size_t peak_bytes() noexcept;
  static void forget_peak() noexcept;
};

}  // namespace byssus::fuzz
