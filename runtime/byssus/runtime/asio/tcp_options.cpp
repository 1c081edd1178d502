#include "byssus/runtime/asio/tcp_stream.hpp"

#include <algorithm>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace byssus::detail {

namespace {

void set(int descriptor, int level, int name, std::chrono::nanoseconds::rep value) {
  const auto narrowed =
      static_cast<int>(std::min<std::chrono::nanoseconds::rep>(value, 0x7fffffff));
  ::setsockopt(descriptor, level, name, &narrowed, sizeof narrowed);
}

void keep_alive(int descriptor, duration idle) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(idle).count();
  set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, seconds);
  set(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, std::max<std::chrono::seconds::rep>(1, seconds / 4));
  set(descriptor, IPPROTO_TCP, TCP_KEEPCNT, 4);
}

}  // namespace

void keep_from_children(int descriptor) noexcept {
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

void configure(int socket, const transport_config& config) {
  keep_from_children(socket);
  set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  set(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, static_cast<long>(config.kernel_unsent_bytes));
  if (config.user_timeout > duration{0})
    set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT,
        std::chrono::ceil<std::chrono::milliseconds>(config.user_timeout).count());
  if (config.keepalive_idle > duration{0})
    keep_alive(socket, config.keepalive_idle);
}

detached_tcp_socket::~detached_tcp_socket() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

int detached_tcp_socket::take() noexcept {
  return std::exchange(descriptor_, -1);
}

}  // namespace byssus::detail
