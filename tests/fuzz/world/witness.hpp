#pragma once

#include "byssus/actors/ports/dialer.hpp"
#include "byssus/actors/ports/reactor.hpp"
#include "byssus/protocol/control.hpp"
#include "byssus/protocol/decoder.hpp"
#include "byssus/protocol/payload.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace byssus::fuzz {

/// A client with manners, in the lobby: pings, acknowledges all at once, talks, and checks what it
/// is told. That its connection ends, that a message of the room is missing or comes twice, or that
/// a request is not answered, breaks a promise.
class witness final : private dial_listener, private transport_listener, private timer_listener {
public:
  witness(reactor& home, const endpoint& node);

  /// Claims that it is in the lobby.
  bool settled() const noexcept { return subscribed_; }

  /// Publishes a text that nobody said before, if the node's window has room for it.
  void say();

  /// Claims that all it said has a receipt and was heard where the receipt says, and that every
  /// ping but the last is answered.
  bool satisfied() const;

  /// From now on the end of its connection is no harm.
  void may_end() noexcept { may_end_ = true; }
  bool ended() const noexcept { return ended_; }

private:
  void on_dialed(std::unique_ptr<transport> fresh) override;
  void on_dial_failed(errc reason, std::string_view detail) override;
  void on_bytes(std::span<const std::byte> bytes) override;
  void on_ended() override;
  void on_drained() override {}
  void on_polled() override {}
  void on_closed(errc reason) override;
  void on_timer(timer& expired) override;

  void take(const protocol::frame_view& frame);
  void on_acknowledged(std::uint64_t received);
  void on_message(const protocol::message_view& message);
  void send(const protocol::frame& frame);

  std::unique_ptr<dial> dial_;
  std::unique_ptr<transport> socket_;
  timer next_ping_;
  protocol::decoder decoder_;
  std::uint64_t received_ = 0;      ///< counted frames
  std::uint64_t acknowledged_ = 0;  ///< of those it sent: a subscribe, and all it said
  std::uint64_t pings_ = 0;
  std::uint64_t pongs_ = 0;
  std::uint64_t said_ = 0;
  protocol::position last_;                        ///< message of the lobby
  std::map<std::uint64_t, std::uint64_t> placed_;  ///< offset by number, from receipts
  std::map<std::uint64_t, std::string> heard_;     ///< own texts by offset
  bool subscribed_ = false;
  bool may_end_ = false;
  bool ended_ = false;
};

}  // namespace byssus::fuzz
