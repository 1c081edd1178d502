#pragma once

#include <string_view>

namespace byssus {

/// The version of the library that the program runs with, as in `0.1.0`.
std::string_view version() noexcept;

}  // namespace byssus
