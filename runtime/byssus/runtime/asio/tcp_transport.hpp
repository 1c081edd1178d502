#pragma once

#include "byssus/actors/ports/transport.hpp"
#include "byssus/runtime/asio/tcp_stream.hpp"

#include <boost/intrusive_ptr.hpp>

#include <memory>

namespace byssus::detail {

/// The transport that its owner holds; the work is done by the `tcp_stream`, which its reactor may
/// keep for a moment longer.
class tcp_transport final : public transport {
public:
  explicit tcp_transport(boost::intrusive_ptr<tcp_stream> stream) noexcept
      : stream_(std::move(stream)) {}
  ~tcp_transport() override { stream_->abandon(); }

  void attach(transport_listener& listener) override { stream_->attach(listener); }
  bool send(std::span<const std::byte> frames, lane which) override {
    return stream_->send(frames, which);
  }
  std::size_t unsent_bytes() const noexcept override { return stream_->unsent_bytes(); }
  void poll() override { stream_->poll(); }
  void close() override { stream_->close(); }
  std::unique_ptr<detached_socket> release() override { return stream_->release(); }
  std::string peer() const override { return stream_->peer(); }

private:
  boost::intrusive_ptr<tcp_stream> stream_;
};

/// Wraps the connected descriptor `socket`, whose options are set.
inline std::unique_ptr<transport> make_tcp_transport(asio_reactor& home, int socket,
                                                     const tcp::endpoint& peer) {
  return std::make_unique<tcp_transport>(new tcp_stream(home, socket, peer));
}

/// As above, out of the hands of Asio, which has connected it.
inline std::unique_ptr<transport> make_tcp_transport(asio_reactor& home, tcp_socket socket,
                                                     const tcp::endpoint& peer) {
  return make_tcp_transport(home, socket.release(), peer);
}

}  // namespace byssus::detail
