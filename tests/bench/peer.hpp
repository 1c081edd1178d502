#pragma once

#include "byssus/protocol/decoder.hpp"
#include "byssus/protocol/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace byssus::bench {

/// What a peer of the server under test speaks.
enum class tongue {
  raw,     ///< frames without a handshake, to a server that sends them back
  framed,  ///< Byssus
  plain,   ///< text
};

/// As the flag `--speaks` of a load has it.
const char* name(tongue speaks) noexcept;

/// One client socket of a load generator, non-blocking once it is connected. Cheap: it has neither
/// queue nor timer, and what it sends is small enough for the socket's buffer.
class peer {
public:
  /// Connects to 127.0.0.1:`port`, from an address of 127.0.0.0/8 that few others share, and says
  /// its hello if it has one. Throws `std::system_error`.
  peer(std::uint16_t port, tongue speaks, std::uint64_t number);
  ~peer();
  peer(peer&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), decoder_(std::move(other.decoder_)) {}
  peer& operator=(peer&&) = delete;

  int socket() const noexcept { return socket_; }

  /// Throws if not all was taken.
  void send(protocol::byte_view bytes);

  /// Reads once, into `room`, and shows each frame. Throws when the server has ended.
  template <class OnFrame>
  void read(std::span<std::byte> room, OnFrame&& on_frame) {
    auto fed = decoder_.feed(read(room), on_frame);
    if (fed.broken)
      fail(fed.broken->reason);
  }

  /// Reads once. Throws when the server has ended.
  protocol::byte_view read(std::span<std::byte> room);

private:
  [[noreturn]] static void fail(const std::string& what);

  int socket_ = -1;
  protocol::decoder decoder_;
};

}  // namespace byssus::bench
