#pragma once

#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace byssus::tests {

/// The other end of a connection: a blocking socket without anything of ours. Reads give up after
/// 20 s.
class raw_peer {
public:
  explicit raw_peer(int descriptor) : descriptor_(descriptor) {
    const timeval limit{20, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  raw_peer(raw_peer&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  raw_peer& operator=(raw_peer&&) = delete;
  ~raw_peer() { close(); }

  static raw_peer connected_to(std::uint16_t port) {
    raw_peer fresh{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (!fresh.connect(port))
      throw std::runtime_error{"connect failed"};
    return fresh;
  }

  bool connect(std::uint16_t port) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0;
  }

  void send(const std::string& text) {
    std::size_t sent = 0;
    while (sent < text.size()) {
      const auto part = ::send(descriptor_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (part <= 0)
        throw std::runtime_error{"send failed"};
      sent += static_cast<std::size_t>(part);
    }
  }

  /// Reads `count` bytes, or fewer when the other side ends before.
  std::string read(std::size_t count) {
    std::string all;
    while (all.size() < count && read_some(all, count - all.size())) {
    }
    return all;
  }

  /// Reads until the other side's FIN. Throws when it resets instead.
  std::string read_to_end() {
    std::string all;
    while (read_some(all, 1 << 16)) {
    }
    return all;
  }

  void end() { ::shutdown(descriptor_, SHUT_WR); }

  /// Closes with a reset.
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }

  void close() {
    if (descriptor_ >= 0)
      ::close(std::exchange(descriptor_, -1));
  }

  int descriptor() const { return descriptor_; }

private:
  bool read_some(std::string& all, std::size_t most) {
    std::string part(most, '\0');
    const auto got = ::recv(descriptor_, part.data(), part.size(), 0);
    if (got < 0)
      throw std::runtime_error{errno == ECONNRESET ? "reset" : "recv failed"};
    all.append(part, 0, static_cast<std::size_t>(got));
    return got > 0;
  }

  int descriptor_;
};

/// A listening socket of the other side, on a loopback address and a port that the system chose, or
/// on one given.
class raw_listener {
public:
  explicit raw_listener(int backlog = 16, const std::string& address = "127.0.0.1",
                        std::uint16_t port = 0)
      : descriptor_(::socket(family_of(address), SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    v4.sin_family = AF_INET;
    v6.sin6_family = AF_INET6;
    v4.sin_port = v6.sin6_port = htons(port);
    const bool is_v4 = ::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1;
    ::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr);
    auto* where = is_v4 ? reinterpret_cast<sockaddr*>(&v4) : reinterpret_cast<sockaddr*>(&v6);
    socklen_t size = is_v4 ? sizeof v4 : sizeof v6;
    if (::bind(descriptor_, where, size) != 0 || ::getsockname(descriptor_, where, &size) != 0)
      throw std::runtime_error{"bind failed"};
    port_ = ntohs(is_v4 ? v4.sin_port : v6.sin6_port);
    if (backlog >= 0)
      ::listen(descriptor_, backlog);
  }
  ~raw_listener() { ::close(descriptor_); }
  raw_listener(const raw_listener&) = delete;
  raw_listener& operator=(const raw_listener&) = delete;

  std::uint16_t port() const { return port_; }
  int accept_descriptor() { return ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC); }
  raw_peer accept() { return raw_peer{accept_descriptor()}; }

  /// Claims that somebody has knocked who was not accepted yet.
  bool is_visited() const {
    pollfd waiting{descriptor_, POLLIN, 0};
    return ::poll(&waiting, 1, 0) == 1;
  }

private:
  static int family_of(const std::string& address) {
    return address.find(':') == std::string::npos ? AF_INET : AF_INET6;
  }

  int descriptor_;
  std::uint16_t port_ = 0;
};

}  // namespace byssus::tests
