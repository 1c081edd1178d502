#include "peer.hpp"

#include "byssus/protocol/handshake.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace byssus::bench {

namespace {

/// So many sockets share an address of the load generator.
constexpr std::uint64_t sockets_per_address = 500;

void check(int result, const char* what) {
  if (result < 0)
    throw std::system_error{errno, std::generic_category(), what};
}

sockaddr_in address(std::uint32_t host, std::uint16_t port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(host);
  where.sin_port = htons(port);
  return where;
}

}  // namespace

peer::peer(std::uint16_t port, tongue speaks, std::uint64_t number) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  check(socket_, "socket");
  const auto here =
      address(0x7f000002 + static_cast<std::uint32_t>(number / sockets_per_address), 0);
  check(bind(socket_, reinterpret_cast<const sockaddr*>(&here), sizeof here), "bind");
  const auto there = address(INADDR_LOOPBACK, port);
  check(connect(socket_, reinterpret_cast<const sockaddr*>(&there), sizeof there), "connect");
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (speaks == tongue::framed) {
    protocol::hello hello;
    hello.publisher = number + 1;
    hello.name = "client-" + std::to_string(number);
    send(protocol::encode_preface().bytes());
    send(protocol::encode_hello(hello).bytes());
  }
  check(fcntl(socket_, F_SETFL, O_NONBLOCK), "fcntl");
}

peer::~peer() {
  if (socket_ >= 0)
    close(socket_);
}

void peer::send(protocol::byte_view bytes) {
  const auto written = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  check(static_cast<int>(written), "send");
  if (static_cast<std::size_t>(written) != bytes.size())
    fail("the socket takes no more");
}

protocol::byte_view peer::read(std::span<std::byte> room) {
  const auto count = recv(socket_, room.data(), room.size(), 0);
  if (count < 0 && errno == EAGAIN)
    return {};
  check(static_cast<int>(count), "recv");
  if (count == 0)
    fail("the server has closed a connection");
  return room.first(static_cast<std::size_t>(count));
}

void peer::fail(const std::string& what) {
  throw std::runtime_error{what};
}

}  // namespace byssus::bench
