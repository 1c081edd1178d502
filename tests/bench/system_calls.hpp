#pragma once

#include <cerrno>
#include <cstdint>
#include <sys/epoll.h>
#include <system_error>

namespace byssus::bench {

/// Passes on what a call of the system has returned; throws `std::system_error` if it has failed.
inline int check(int result, const char* what) {
  if (result < 0)
    throw std::system_error{errno, std::generic_category(), what};
  return result;
}

/// Tells `poller` to look for input at `socket`, and to say `number` then.
inline void watch(int poller, int socket, std::uint64_t number) {
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  wanted.data.u64 = number;
  check(epoll_ctl(poller, EPOLL_CTL_ADD, socket, &wanted), "epoll_ctl");
}

}  // namespace byssus::bench
