#pragma once

#include "byssus/runtime/answer.hpp"

#include <caf/error.hpp>

namespace byssus::detail {

/// The same in words that need no CAF. What comes from elsewhere is `errc::actor_failed`.
failure failure_of(const caf::error& refused);

}  // namespace byssus::detail
