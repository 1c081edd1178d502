#pragma once

#include "byssus/actors/ports/timer.hpp"
#include "byssus/actors/ports/transport.hpp"
#include "byssus/protocol/counters.hpp"
#include "byssus/protocol/frame.hpp"
#include "byssus/protocol/handshake.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

namespace byssus {

/// What became of a counted frame given to a session.
enum class sent : std::uint8_t {
  written,  ///< it has its number and is with the transport
  waiting,  ///< the peer's window is full; it goes when acknowledgements come
  refused,  ///< nobody is connected, or more waits already than `most_waiting_bytes`
};

/// One end's half of a link's delivery state: numbers what goes out, counts what comes in, keeps
/// what the peer's window does not admit yet. Outlives no connection so far: `begin` starts both
/// halves anew.
///
/// Passive; its owner calls it on one reactor. It writes to the transport that `begin` names, until
/// `end`.
class session final : private timer_listener {
public:
  /// `timers` outlives the session.
  explicit session(timer_queue& timers) noexcept : ack_timer_(timers, *this) {}
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  /// A welcome was agreed on `through`, which lives until `end`. `most_waiting_bytes` is how much
  /// may wait for the peer, in the window's queue and in the transport together.
  void begin(transport& through, const protocol::window& ours, const protocol::window& theirs,
             std::size_t most_waiting_bytes);

  /// The connection is gone: nothing is sent any more, what waited is dropped.
  void end() noexcept;

  /// Claims that it is between `begin` and `end`.
  bool connected() const noexcept { return through_ != nullptr; }

  /// Sends a counted frame, or keeps it for later, in order.
  /// @pre it is one: what could not be encoded would be counted here, and not by the peer.
  [[nodiscard]] sent send(const protocol::frame& counted);

  /// Sends the bytes of a counted frame, if they can be written at once; otherwise does nothing and
  /// returns false.
  [[nodiscard]] bool send_now(protocol::byte_view counted);

  /// Claims that a counted frame of `bytes` would be written at once.
  bool has_room_for(std::size_t bytes) const noexcept;

  /// Counts a counted frame that came. A violation if the peer overran our window.
  std::optional<protocol::violation> on_received(std::size_t bytes) {
    return counts_.on_received(bytes);
  }

  /// `frames` of those that came are with the app. They are acknowledged by `acknowledge`.
  void on_handed(std::uint64_t frames, std::size_t bytes) noexcept {
    counts_.on_handed(frames, bytes);
  }

  /// Acknowledges what was handed over: at once if it is much, or some and other bytes are about to
  /// leave; within `protocol::ack_deadline` otherwise.
  void acknowledge();

  ///@{
  /// An ack came, or a ping or pong with that count: the peer says how many it has handed to its
  /// app, and what waited goes on. A violation if it is no count of ours.
  std::optional<protocol::violation> on_ack(protocol::byte_view body);
  std::optional<protocol::violation> on_acknowledged(std::uint64_t received);
  ///@}

  ///@{
  /// Sends an uncounted frame that carries `received()`, ahead of what waits. Does nothing while
  /// nobody is connected.
  void ping(std::uint64_t nonce);
  void pong(std::uint64_t nonce);
  ///@}

  /// Counted frames that were handed to the app.
  std::uint64_t received() const noexcept { return counts_.handed(); }

  /// What was sent and received since `begin`.
  const protocol::counters& counts() const noexcept { return counts_; }

  /// Bytes that wait for the peer's window or for the socket.
  std::size_t waiting_bytes() const noexcept;

private:
  void on_timer(timer& expired) override;
  bool write(protocol::byte_view counted);
  bool ack_rides_along() const noexcept;
  void tell_by(const protocol::frame& carrier);

  std::size_t most_waiting_ = 0;
  transport* through_ = nullptr;
  protocol::counters counts_{{}, {}};
  std::unique_ptr<std::deque<protocol::frame>>
      waiting_;  ///< only while there is any: an empty deque has 600 bytes
  std::size_t waiting_bytes_ = 0;
  timer ack_timer_;  ///< runs while something was handed over and is not acknowledged
};

}  // namespace byssus
