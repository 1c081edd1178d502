#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace byssus {

/// Where a node is found, as in `tcp://chat.example:7400` or `tcp://[::1]:7400`.
struct endpoint {
  std::string host;        ///< a name or a numeric address, without brackets
  std::uint16_t port = 0;  ///< 0: the system chooses one to listen on

  // clang-tidy 14 takes the 0 of a rewritten `a < b` for a pointer.
  // NOLINTNEXTLINE(modernize-use-nullptr)
  friend auto operator<=>(const endpoint&, const endpoint&) = default;
};

/// Reads `tcp://HOST:PORT`, or `HOST:PORT` alone; an IPv6 address, and nothing else, stands in
/// brackets, with its zone if it has one, as in `[fe80::1%eth0]:7400`. Nothing if it is neither.
/// Whether the address is one, who dials or listens says.
std::optional<endpoint> parse_endpoint(std::string_view text);

/// Writes `HOST:PORT`, the host in brackets if it has a colon.
std::string to_string(const endpoint& where);

}  // namespace byssus
