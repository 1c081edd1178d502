#include "byssus/runtime/asio/tcp_stream.hpp"
#include "byssus/tests/catch.hpp"

#include "support/raw_peer.hpp"
#include <fcntl.h>
#include <netinet/tcp.h>

using namespace byssus;
using namespace byssus::tests;
using namespace std::chrono_literals;

namespace {

/// A socket's option; -1 if this kernel does not know it.
int option(const raw_peer& of, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  return ::getsockopt(of.descriptor(), level, name, &value, &size) == 0 ? value : -1;
}

raw_peer configured(const transport_config& config) {
  raw_peer fresh{::socket(AF_INET, SOCK_STREAM, 0)};
  detail::configure(fresh.descriptor(), config);
  return fresh;
}

}  // namespace

TEST_CASE("tcp options: they are as configured, and no child inherits the socket") {
  const auto socket =
      configured({.kernel_unsent_bytes = 20'000, .user_timeout = 12'345ms, .keepalive_idle = 80s});
  CHECK(option(socket, IPPROTO_TCP, TCP_NODELAY) == 1);
  CHECK(option(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT) == 20'000);
  CHECK(option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT) == 12'345);
  CHECK(option(socket, SOL_SOCKET, SO_KEEPALIVE) == 1);
  CHECK(option(socket, IPPROTO_TCP, TCP_KEEPIDLE) == 80);
  CHECK((::fcntl(socket.descriptor(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("tcp options: zero leaves user timeout and keepalive to the system") {
  const auto socket = configured({.user_timeout = 0s, .keepalive_idle = 0s});
  CHECK(option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT) == 0);
  CHECK(option(socket, SOL_SOCKET, SO_KEEPALIVE) == 0);
}

TEST_CASE("tcp options: lost packets are sent again often, as far as the kernel can") {
  const auto socket = configured({});
  CHECK(option(socket, IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS) == 1);
  constexpr int rto_max_ms = 44;  // TCP_RTO_MAX_MS
  const auto longest = option(socket, IPPROTO_TCP, rto_max_ms);
  CHECK((longest == 2000 || longest == -1));
}
