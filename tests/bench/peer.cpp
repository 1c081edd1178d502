#include "peer.hpp"

#include "byssus/protocol/handshake.hpp"
#include "byssus/tests/loopback.hpp"

#include "system_calls.hpp"
#include <cerrno>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace byssus::bench {

namespace {

/// So many share an address.
constexpr std::uint64_t sockets_per_address = 500;

}  // namespace

const char* name(tongue speaks) noexcept {
  switch (speaks) {
    case tongue::raw:
      return "raw";
    case tongue::framed:
      return "framed";
    case tongue::plain:
      return "plain";
  }
  return "";
}

peer::peer(std::uint16_t port, tongue speaks, std::uint64_t number) {
  socket_ =
      check(tests::connect_from(static_cast<std::uint32_t>(number / sockets_per_address), port, 0),
            "connect");
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
