#pragma once

#include "byssus/actors/links/session.hpp"
#include "byssus/protocol/decoder.hpp"
#include "byssus/protocol/fragments.hpp"
#include "byssus/protocol/rules.hpp"

#include <optional>
#include <utility>

namespace byssus {

/// Turns the bytes of one connection into whole bodies, and counts them in its session:
///
///     bytes ─▶ decoder ─▶ check_turn ─▶ session::on_received ─▶ reassembler ─▶ on_body(type, body,
///     frames, bytes)
///
/// Passive; a member of its connection's state. `on_body` must not destroy it; what ends the
/// connection is done after `feed`.
class frame_reader {
public:
  /// A body with what its frames cost: that many are acknowledged when it has been handed to the
  /// app.
  struct body {
    protocol::frame_type type{};
    protocol::byte_view bytes;
    std::uint64_t frames = 0;     ///< counted frames, 0 for an uncounted type
    std::size_t frame_bytes = 0;  ///< their length on the wire
  };

  /// `peer` is who sends.
  explicit frame_reader(protocol::side peer) noexcept : peer_(peer) {}

  /// Welcome was said: all frames may flow, within `agreed`.
  void open(const protocol::limits& agreed) noexcept {
    phase_ = protocol::phase::open;
    decoder_.limit(agreed.frame_bytes);
    reassembler_.limit(agreed.message_bytes);
  }

  /// Shows each body to `on_body`, which may return a violation. Returns the first violation, and
  /// is of no more use then.
  template <class OnBody>
  std::optional<protocol::violation> feed(protocol::byte_view bytes, session& counted,
                                          OnBody&& on_body) {
    std::optional<protocol::violation> broken;
    was_collecting_ = reassembler_.collecting();
    ended_one_ = false;
    auto fed = decoder_.feed(bytes, [&](const protocol::frame_view& frame) {
      broken = take(frame, counted, on_body);
      return broken ? protocol::flow::stop : protocol::flow::go_on;
    });
    return broken ? std::move(broken) : std::move(fed.broken);
  }

  /// Claims that a frame or message has begun and not ended: a deadline should run.
  bool has_partial() const noexcept { return decoder_.has_partial() || reassembler_.collecting(); }

  /// Claims that a frame or message ended within the last bytes, wherever it had begun: what is
  /// partial now began in them, and its deadline begins anew. On a busy line nearly every read ends
  /// inside some frame.
  bool has_begun_anew() const noexcept { return ended_one_; }

private:
  template <class OnBody>
  std::optional<protocol::violation> take(const protocol::frame_view& frame, session& counted,
                                          OnBody& on_body) {
    if (auto broken = protocol::check_turn(peer_, phase_, frame.type))
      return broken;
    if (protocol::is_counted(frame.type)) {
      if (auto broken = counted.on_received(frame.whole.size()))
        return broken;
      ++frames_;
      frame_bytes_ += frame.whole.size();
    }
    std::optional<protocol::violation> from_body;
    auto broken = reassembler_.feed(frame, [&](const protocol::whole_body& whole) {
      const bool counts = protocol::is_counted(whole.type);
      // A ping between the frames of a message does not end the message.
      ended_one_ = ended_one_ || counts || !was_collecting_;
      from_body = on_body(body{whole.type, whole.body, counts ? std::exchange(frames_, 0) : 0,
                               counts ? std::exchange(frame_bytes_, 0) : 0});
    });
    return from_body ? std::move(from_body) : std::move(broken);
  }

  protocol::decoder decoder_;
  protocol::reassembler reassembler_;
  protocol::side peer_;
  protocol::phase phase_ = protocol::phase::handshaking;
  bool was_collecting_ = false;  ///< a message had begun before the last bytes
  bool ended_one_ = false;
  std::uint64_t frames_ = 0;  ///< of the body that is being collected
  std::size_t frame_bytes_ = 0;
};

}  // namespace byssus
