#pragma once

#include "byssus/actors/ports/timer.hpp"

#include <cstddef>

/// \file
/// What the fields of a `config` may be: for its flags and for `validate` alike. Where a field's
/// zero means that nothing was chosen, flags are left out instead.

namespace byssus::detail {

/// Both ends are allowed.
template <class T>
struct range {
  T least;
  T most;
};

inline constexpr range<std::size_t> reactors_range{1, 256};
inline constexpr range<std::size_t> workers_range{1, 256};
inline constexpr range<duration> heartbeat_range{std::chrono::milliseconds{10},
                                                 std::chrono::hours{1}};
inline constexpr range<std::size_t> most_connections_range{1, 1'000'000};
inline constexpr range<std::size_t> most_per_address_range{1, 1'000'000};
inline constexpr range<std::size_t> most_listeners_range{0, 1'000'000};
inline constexpr range<std::size_t> accept_rate_range{0, 1'000'000};
inline constexpr range<duration> hello_deadline_range{std::chrono::milliseconds{100},
                                                      std::chrono::minutes{10}};
inline constexpr range<std::size_t> most_hello_bytes_range{64, 16'384};
inline constexpr range<duration> stats_range{std::chrono::milliseconds{100},
                                             std::chrono::hours{24}};

}  // namespace byssus::detail
