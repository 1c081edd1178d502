#pragma once

#include "byssus/protocol/handshake.hpp"
#include "byssus/protocol/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace byssus::protocol {

/// What one half of a session has sent, received and acknowledged, in counted frames. Numbers are
/// implicit: the first counted frame that goes to a socket is 1 (as in XEP-0198, section 4).
///
///     ours:    on_sent ──▶ in flight ──▶ on_ack                 stops at the peer's window
///     theirs:  on_received ──▶ with us ──▶ on_handed ──▶ told    must stop at our window
///
/// Uncounted frames never come here; the bytes of a counted one include its header. Passive; the
/// session that owns it calls it on its reactor's thread. The timer of `ack_deadline` is the
/// caller's.
class counters {
public:
  /// `ours` is what we announced, `theirs` what the peer did.
  counters(window ours, window theirs) noexcept : ours_{ours}, theirs_{theirs} {}

  // What we send.

  /// True if a counted frame of `bytes` may go to the socket now. A frame larger than the whole
  /// window may go when nothing else is in flight.
  [[nodiscard]] bool may_send(std::size_t bytes) const noexcept;

  /// Call when a counted frame first goes to the socket; returns its number.
  std::uint64_t on_sent(std::size_t bytes);

  /// Takes the count that an ack, ping or pong carries; returns how many frames it newly
  /// acknowledges. An older count than the last is no harm and acknowledges nothing; one beyond
  /// `sent()` is `bad_count`.
  result<std::uint64_t> on_ack(std::uint64_t received);

  /// Counted frames that went to the peer; the last one's number.
  [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }
  /// Of these, those that the peer has handed to its app.
  [[nodiscard]] std::uint64_t acknowledged_by_peer() const noexcept { return acknowledged_; }
  /// Those that it has not acknowledged yet.
  [[nodiscard]] std::uint64_t frames_in_flight() const noexcept { return sent_ - acknowledged_; }
  /// The bytes of these.
  [[nodiscard]] std::uint64_t bytes_in_flight() const noexcept { return bytes_in_flight_; }

  // What we receive.

  /// Call for each counted frame that came, known or not, before anything else is done with it.
  /// Fails with `window_exceeded` if the peer did not stop at our window.
  std::optional<violation> on_received(std::size_t bytes);

  /// Call when `frames` counted frames more, of `bytes` in all, were handed to the app (or ignored
  /// for good).
  /// @pre they have been received.
  void on_handed(std::uint64_t frames, std::size_t bytes) noexcept;

  /// Call when an ack, ping or pong with `handed()` was given to the transport.
  void on_told() noexcept;

  /// Counted frames that came from the peer, handed to the app or not.
  [[nodiscard]] std::uint64_t received() const noexcept { return received_; }
  /// The count that our acks, pings and pongs carry.
  [[nodiscard]] std::uint64_t handed() const noexcept { return handed_; }

  /// True if an ack should leave at once: `ack_after_frames` or `ack_after_bytes` were handed over
  /// since the peer was told, or half our window if that is less.
  [[nodiscard]] bool ack_due() const noexcept;

  /// True if there is something to tell: an ack should leave within `ack_deadline`.
  [[nodiscard]] bool ack_pending() const noexcept { return handed_ != told_; }

  /// How many frames there are to tell of.
  [[nodiscard]] std::uint64_t unacknowledged() const noexcept { return handed_ - told_; }

private:
  /// Sizes of the frames in flight, oldest first: a ring that has no memory until the first push
  /// and gives a large one back when it runs empty.
  class sizes {
  public:
    void push(std::uint32_t bytes);
    /// @pre not empty.
    std::uint32_t pop() noexcept;

  private:
    void grow();

    std::vector<std::uint32_t> ring_;  ///< its size is a power of two, or 0
    std::uint32_t first_ = 0;
    std::uint32_t count_ = 0;
  };

  window ours_;
  window theirs_;

  std::uint64_t sent_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t bytes_in_flight_ = 0;
  sizes in_flight_;

  std::uint64_t received_ = 0;
  std::uint64_t handed_ = 0;
  std::uint64_t told_ = 0;
  /// Bytes received since the last frame that the peer was told of, and how many of them were
  /// handed over.
  std::uint64_t bytes_untold_ = 0;
  std::uint64_t bytes_handed_untold_ = 0;
};

}  // namespace byssus::protocol
