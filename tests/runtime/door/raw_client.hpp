#pragma once

#include "byssus/actors/ports/dialer.hpp"
#include "byssus/actors/ports/reactor.hpp"
#include "byssus/protocol/decoder.hpp"
#include "byssus/protocol/handshake.hpp"
#include "byssus/protocol/payload.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace byssus::testing {

/// A client without manners: sends what bytes a test wants, and keeps all that comes. It ends when
/// the node does. It needs a dialer and a transport, simulated or real; used on its reactor's
/// thread.
class raw_client final : private dial_listener, private transport_listener {
public:
  /// A frame as it came.
  struct received {
    protocol::frame_type type{};
    std::string body;
  };

  /// Dials at once. What is sent before the connection is up goes then.
  raw_client(reactor& home, const endpoint& node);

  /// Sends bytes as they are.
  raw_client& send(std::string_view bytes);
  raw_client& send(const protocol::frame& whole) { return send(protocol::as_text(whole.bytes())); }

  /// Sends preface and hello, as a client called `name` would.
  raw_client& greet(const std::string& name, const protocol::window& window = {});

  /// Ends the connection without a close frame.
  void hang_up();

  bool connected() const noexcept { return socket_ != nullptr && !closed_; }
  /// The node has ended its direction, or the connection is broken.
  bool ended() const noexcept { return ended_ || closed_; }
  const std::string& bytes() const noexcept { return bytes_; }
  void forget() { bytes_.clear(); }

  /// All that came, cut into frames.
  std::vector<received> frames() const;
  std::size_t count(protocol::frame_type type) const;
  /// The last frame of a type, if there was one.
  std::optional<received> last(protocol::frame_type type) const;
  /// The code that the node closed with: of a close frame, or of the line that stands for one in
  /// plain mode.
  std::optional<protocol::close_code> code() const;
  /// The texts of all messages of a room, each behind its offset, as in `1 ann: hello`.
  std::vector<std::string> messages(std::string_view room) const;

private:
  void on_dialed(std::unique_ptr<transport> fresh) override;
  void on_dial_failed(errc reason, std::string_view detail) override;
  void on_bytes(std::span<const std::byte> bytes) override { bytes_ += protocol::as_text(bytes); }
  void on_ended() override;
  void on_drained() override {}
  void on_polled() override {}
  void on_closed(errc) override { closed_ = true; }

  std::unique_ptr<dial> dial_;
  std::unique_ptr<transport> socket_;
  std::string early_;
  std::string bytes_;
  bool ended_ = false;
  bool closed_ = false;
};

/// The header of a frame, for bodies that no encoder would make.
std::string header(std::uint32_t body_bytes, std::uint8_t type, std::uint8_t flags = 0);

/// A frame of any type with any body.
std::string frame_of(protocol::frame_type type, std::string_view body);

/// A publish of text, as number `number`.
protocol::frame publish(std::string_view room, std::string_view text, std::uint64_t number = 0);

}  // namespace byssus::testing
