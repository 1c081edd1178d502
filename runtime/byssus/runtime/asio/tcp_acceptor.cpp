#include "byssus/runtime/asio/tcp_acceptor.hpp"

#include "byssus/runtime/asio/asio_reactor.hpp"
#include "byssus/runtime/asio/tcp_stream.hpp"

#include <boost/asio/ip/v6_only.hpp>

#include <cerrno>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <utility>

namespace byssus::detail {

namespace {

constexpr int strangers_per_turn = 16;
constexpr auto pause_without_descriptors = std::chrono::milliseconds{100};

class tcp_acceptor final : public acceptor, ready_listener, timer_listener {
public:
  tcp_acceptor(asio_reactor& home, tcp_listener socket, accept_listener& listener)
      : sockets_(&home.sockets()),
        socket_(std::move(socket)),
        listener_(&listener),
        pause_(home.timers(), *this) {}

  ~tcp_acceptor() override { sockets_->forget(socket_.native_handle(), *this); }
  tcp_acceptor(const tcp_acceptor&) = delete;
  tcp_acceptor& operator=(const tcp_acceptor&) = delete;

  endpoint where() const override {
    error_code gone;
    const auto bound = socket_.local_endpoint(gone);
    return {bound.address().to_string(), bound.port()};
  }

  /// Begins to accept. False if the system has no memory left to watch one more socket.
  bool start() { return sockets_->watch(socket_.native_handle(), EPOLLIN, *this); }

  /// The socket stays in the set, so that to come back cannot fail.
  void pause(duration span) override {
    sockets_->change(socket_.native_handle(), 0, *this);
    pause_.start(span);
  }

private:
  void on_timer(timer&) override { sockets_->change(socket_.native_handle(), EPOLLIN, *this); }

  void on_ready(std::uint32_t) override {
    const std::weak_ptr held{alive_};
    for (int taken = 0; taken < strangers_per_turn; ++taken) {
      const auto failure = accept_one();
      if (held.expired() || pause_.running())
        return;
      if (failure == asio::error::would_block)
        break;
      if (is_exhaustion(failure)) {
        pause(pause_without_descriptors);
        return listener_->on_accept_failed(errc::out_of_descriptors);
      }
      // All else is the end of that stranger alone (accept(2), "Error handling").
    }
  }

  error_code accept_one() {
    tcp::endpoint peer;
    auto size = static_cast<socklen_t>(peer.capacity());
    // Not by Asio's accept, which would register the socket with this reactor, whichever it is for.
    const int descriptor =
        ::accept4(socket_.native_handle(), peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0)
      return error_code{errno, boost::system::system_category()};
    peer.resize(size);
    listener_->on_accepted(std::make_unique<detached_tcp_socket>(descriptor, peer, false));
    return {};
  }

  ready_set* sockets_;
  tcp_listener socket_;
  accept_listener* listener_;
  timer pause_;
  // Expires with this object, which a listener may destroy.
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace

listening listen_tcp(asio_reactor& home, const endpoint& where, accept_listener& listener) {
  error_code failure;
  const auto address =
      asio::ip::make_address(where.host == "localhost" ? "127.0.0.1" : where.host, failure);
  if (failure)
    return {nullptr, errc::address_invalid,
            "the host must be a numeric address or localhost, as in 127.0.0.1, 0.0.0.0 or [::]"};
  const tcp::endpoint wanted{address, where.port};
  tcp_listener socket{home.loop()};
  socket.open(wanted.protocol(), failure);
  if (!failure)
    keep_from_children(socket.native_handle());
  if (!failure)
    socket.set_option(tcp_listener::reuse_address{true}, failure);
  if (!failure && address.is_v6())
    socket.set_option(asio::ip::v6_only{!address.is_unspecified()}, failure);
  if (!failure)
    socket.bind(wanted, failure);
  if (!failure)
    socket.listen(tcp_listener::max_listen_connections, failure);
  if (!failure)
    socket.non_blocking(true, failure);
  if (failure)
    return {nullptr, listen_reason(failure), failure.message()};
  auto made = std::make_unique<tcp_acceptor>(home, std::move(socket), listener);
  if (!made->start())
    return {nullptr, errc::out_of_descriptors, std::strerror(errno)};
  return {std::move(made), errc::none, {}};
}

}  // namespace byssus::detail
