#include "byssus/tests/loopback.hpp"

#include "commands.hpp"
#include "system_calls.hpp"
#include <array>
#include <cerrno>
#include <cstdio>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/// \file
/// The measure of all things: one thread, `epoll_wait`, `recv`, `send`, and nothing else.

namespace byssus::bench {

namespace {

int listen_somewhere(std::uint16_t& port) {
  const int listener = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
  auto where = tests::ipv4(INADDR_LOOPBACK, 0);
  socklen_t length = sizeof where;
  check(bind(listener, reinterpret_cast<const sockaddr*>(&where), length), "bind");
  check(listen(listener, SOMAXCONN), "listen");
  check(getsockname(listener, reinterpret_cast<sockaddr*>(&where), &length), "getsockname");
  port = ntohs(where.sin_port);
  return listener;
}

void accept_one(int poller, int listener) {
  const int fresh = check(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK), "accept");
  const int on = 1;
  setsockopt(fresh, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  watch(poller, fresh, static_cast<std::uint64_t>(fresh));
}

void echo_once(int socket) {
  static std::array<char, 65536> room;
  const auto count = recv(socket, room.data(), room.size(), 0);
  if (count > 0)
    check(
        static_cast<int>(send(socket, room.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL)),
        "send");
  else if (count == 0 || errno != EAGAIN)
    close(socket);
}

}  // namespace

int run_raw_echo() {
  std::uint16_t port = 0;
  const int listener = listen_somewhere(port);
  const int poller = check(epoll_create1(0), "epoll_create1");
  watch(poller, listener, static_cast<std::uint64_t>(listener));
  std::printf("listening on 127.0.0.1:%u\n", port);
  std::fflush(stdout);
  std::array<epoll_event, 128> events;
  for (;;) {
    const int count = epoll_wait(poller, events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i) {
      const int ready = static_cast<int>(events[static_cast<std::size_t>(i)].data.u64);
      ready == listener ? accept_one(poller, listener) : echo_once(ready);
    }
  }
}

}  // namespace byssus::bench
