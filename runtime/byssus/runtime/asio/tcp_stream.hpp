#pragma once

#include "byssus/actors/ports/transport.hpp"
#include "byssus/runtime/asio/output_queue.hpp"
#include "byssus/runtime/asio/ready_set.hpp"
#include "byssus/runtime/asio/tcp.hpp"
#include "byssus/runtime/asio/transport_config.hpp"

#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace byssus::detail {

class asio_reactor;

/// A socket between two reactors. Owns the descriptor.
class detached_tcp_socket final : public detached_socket {
public:
  detached_tcp_socket(int descriptor, const tcp::endpoint& peer, bool configured) noexcept
      : descriptor_(descriptor), peer_(peer), configured_(configured) {}
  ~detached_tcp_socket() override;
  detached_tcp_socket(const detached_tcp_socket&) = delete;
  detached_tcp_socket& operator=(const detached_tcp_socket&) = delete;

  std::string origin() const override { return origin_of(peer_); }

  /// The descriptor, the caller's now.
  int take() noexcept;
  const tcp::endpoint& peer() const noexcept { return peer_; }
  /// Claims that the socket options have been set.
  bool configured() const noexcept { return configured_; }

private:
  int descriptor_;
  tcp::endpoint peer_;
  bool configured_;
};

/// What outlives a `tcp_transport` by a moment: its socket, while the reactor is busy with it.
///
///     open ──close()──> closing ──all written, FIN sent──> lingering ──peer's FIN──> closed
///       └──────────── error, release(), abandon() from any state ──────────────────────┘
///
/// Lingering reads and discards until the peer's FIN: a socket that is closed with unread bytes
/// makes the kernel send a reset, which may destroy what the peer has not yet read, our last frame
/// above all. A peer who writes on and on gets that reset after 1 MiB.
///
/// An idle socket has no buffer. Bytes are read into the reactor's one buffer, when they are there,
/// and delivered before anybody else reads.
class tcp_stream final
    : public boost::intrusive_ref_counter<tcp_stream, boost::thread_unsafe_counter>,
      private ready_listener {
public:
  /// Takes over the descriptor `socket`. @pre it is connected.
  tcp_stream(asio_reactor& home, int socket, const tcp::endpoint& peer);
  ~tcp_stream() { close_socket(); }
  tcp_stream(const tcp_stream&) = delete;
  tcp_stream& operator=(const tcp_stream&) = delete;

  void attach(transport_listener& listener);
  bool send(std::span<const std::byte> frames, lane which);
  std::size_t unsent_bytes() const noexcept { return output_.size(); }
  void poll();
  void close();
  std::unique_ptr<detached_socket> release();
  std::string peer() const { return to_text(peer_); }

  /// The owner is gone: closes the socket, tells nobody.
  void abandon() noexcept;

  /// Called by the reactor, after `settle_later`.
  void on_turn_end();

private:
  enum class phase : std::uint8_t { open, closing, lingering, closed };
  static constexpr std::size_t most_buffers = 16;
  static constexpr std::size_t most_discarded_bytes = 1024 * 1024;

  void settle_later();
  void on_ready(std::uint32_t events) override;
  void fetch_ahead() const noexcept override;
  bool watch();
  void read_once();
  void on_read_failed(bool peer_ended);
  void look();
  void answer_poll();
  bool flush();
  bool write_once();
  void on_write_failed();
  void on_all_written();
  void finish(errc reason);
  void close_socket() noexcept;

  asio_reactor* home_;
  int socket_;                 // -1 once it is closed or released
  std::uint32_t watched_ = 0;  // the events that the reactor tells
  transport_listener* listener_ = nullptr;
  output_queue output_;
  tcp::endpoint peer_;
  // What was in the receive buffer when the owner's poll took its look, and is not delivered yet.
  std::uint32_t awaited_bytes_ = 0;
  std::uint32_t discarded_bytes_ = 0;  // since lingering began
  phase phase_ = phase::open;
  bool writing_ = false;     // the kernel takes no more; it will say when it does
  bool wants_read_ = false;  // attached, or lingering
  bool settling_ = false;    // the reactor will call on_turn_end
  bool polled_ = false;      // a poll is unanswered
  bool ended_ = false;       // the peer's FIN was read
  bool broken_ = false;      // a write failed; reading tells how it ends
  bool above_low_water_ = false;
};

/// Asio opens sockets so that programs started by this process inherit them, and with them a port:
/// not ours.
void keep_from_children(int descriptor) noexcept;

/// Sets the options of `config` on a connected socket. A kernel that lacks one of them does without
/// it.
void configure(int socket, const transport_config& config);

}  // namespace byssus::detail
