#pragma once

#include <cerrno>
#include <cstdint>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace byssus::tests {

/// `host` and `port` as the machine writes numbers, in the form that the system's calls want.
inline sockaddr_in ipv4(std::uint32_t host, std::uint16_t port) noexcept {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(host);
  where.sin_port = htons(port);
  return where;
}

/// A socket to 127.0.0.1:`port`, connected, or connecting with SOCK_NONBLOCK in `flags`. It comes
/// from the `place`th address after that, counted from 0: one address has 28,000 ports to go out
/// from, and a node counts the connections of each. Below 0, and `errno` says why, if it cannot.
inline int connect_from(std::uint32_t place, std::uint16_t port, int flags) noexcept {
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
  if (made < 0)
    return made;
  const int on = 1;
  setsockopt(made, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  const auto here = ipv4(INADDR_LOOPBACK + 1 + place, 0);
  const auto there = ipv4(INADDR_LOOPBACK, port);
  if (bind(made, reinterpret_cast<const sockaddr*>(&here), sizeof here) == 0 &&
      (connect(made, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0 ||
       errno == EINPROGRESS))
    return made;
  const int why = errno;
  close(made);
  errno = why;
  return -1;
}

}  // namespace byssus::tests
