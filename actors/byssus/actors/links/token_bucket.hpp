#pragma once

#include "byssus/actors/ports/timer.hpp"

#include <algorithm>
#include <cstdint>

namespace byssus {

/// Grants `burst` things at once and one more every `each` after that (the generic cell rate
/// algorithm, ITU-T I.371, in 8 bytes of state). Pure.
class token_bucket {
public:
  /// Takes one at `now`; false when none is left. `burst` ≥ 1, `each` > 0, the same in every call.
  bool take(instant now, std::uint32_t burst, duration each) noexcept {
    const auto earliest = std::max(paid_until_, now);
    if (earliest - now > each * (burst - 1))
      return false;
    paid_until_ = earliest + each;
    return true;
  }

  /// How long it takes until `take` grants one; zero or less: it does so now.
  duration until_next(instant now, std::uint32_t burst, duration each) const noexcept {
    return paid_until_ - now - each * (burst - 1);
  }

private:
  instant paid_until_{};
};

}  // namespace byssus
