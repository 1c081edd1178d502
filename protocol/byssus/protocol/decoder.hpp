#pragma once

#include "byssus/protocol/frame.hpp"
#include "byssus/protocol/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace byssus::protocol {

/// What a visitor of `decoder::feed` wants next.
enum class flow : std::uint8_t { go_on, stop };

/// What became of the bytes that were fed.
struct [[nodiscard]] fed {
  /// Bytes that were used or kept; less than all only after a stop or a violation.
  std::size_t consumed = 0;
  /// Set when the peer broke the protocol. Close the connection; the decoder is of no further use.
  std::optional<violation> broken;
  /// True if the visitor stopped. The rest of the bytes is the caller's to feed again, here or
  /// elsewhere.
  bool stopped = false;
};

/// Cuts a stream of bytes into frames. Passive: one connection owns it and calls it on its thread.
///
/// A frame that lies whole in the fed bytes is shown in place, without a copy or an allocation.
/// Only a frame that is cut by the end of the bytes is kept, after its header has passed all
/// checks, in a buffer that is never larger than twice what was received of it. Idle, the decoder
/// is 32 bytes.
///
/// It checks what a header can tell: length (`frame_too_large`), type (`unknown_type`), flags
/// (`protocol_error`). An unknown type that is ignorable is shown like any other, so that a counted
/// one advances the receiver's counter: the visitor counts it, and does nothing else with it. Its
/// flags are not checked.
class decoder {
public:
  /// Starts with the limit that holds before welcome.
  decoder() noexcept = default;

  /// Sets the longest frame, header included, from the next header on.
  void limit(std::size_t frame_bytes) noexcept { limit_ = static_cast<std::uint32_t>(frame_bytes); }

  /// Shows each frame that `bytes` complete to `on_frame(const frame_view&)`, which returns nothing
  /// or a `flow`. The view lives until `on_frame` returns. `on_frame` may call `limit`, but neither
  /// feed nor destroy this decoder.
  template <class OnFrame>
  fed feed(byte_view bytes, OnFrame&& on_frame);

  /// True if the beginning of a frame waits for its rest: a deadline should run (`frame_timeout`).
  [[nodiscard]] bool has_partial() const noexcept { return !partial_.empty(); }

  /// Bytes kept of a frame that is not complete.
  [[nodiscard]] std::size_t partial_bytes() const noexcept { return partial_.size(); }

private:
  /// What stands at the front of some bytes: a frame, a violation, or too little to tell.
  struct front {
    std::optional<frame_view> frame;
    std::optional<violation> broken;
    /// Length of the frame, or of a header while there is less than one.
    std::size_t needed = header_bytes;
  };
  [[nodiscard]] front look(byte_view bytes) const;
  /// Moves bytes of `rest` to the partial frame until it is whole or wrong; returns how many were
  /// taken.
  [[nodiscard]] std::size_t extend_partial(byte_view rest, front& seen);
  void keep(byte_view rest);
  /// Frees its memory, too: what follows may be whole, and the buffer would stay for nothing.
  void drop_partial() noexcept;

  template <class OnFrame>
  static flow show(OnFrame& on_frame, const frame_view& frame) {
    if constexpr (std::is_void_v<std::invoke_result_t<OnFrame&, const frame_view&>>) {
      on_frame(frame);
      return flow::go_on;
    } else {
      return on_frame(frame);
    }
  }

  std::vector<std::byte> partial_;
  std::uint32_t limit_ = max_frame_bytes_before_welcome;
};

template <class OnFrame>
fed decoder::feed(byte_view bytes, OnFrame&& on_frame) {
  fed outcome;
  while (outcome.consumed < bytes.size()) {
    const auto rest = bytes.subspan(outcome.consumed);
    front seen;
    const bool from_partial = has_partial();
    if (from_partial) {
      outcome.consumed += extend_partial(rest, seen);
    } else {
      seen = look(rest);
    }
    if (seen.broken) {
      outcome.broken = std::move(seen.broken);
      return outcome;
    }
    if (!seen.frame) {
      if (!from_partial) {
        keep(rest);
        outcome.consumed = bytes.size();
      }
      continue;
    }
    if (!from_partial) {
      outcome.consumed += seen.frame->whole.size();
    }
    const auto next = show(on_frame, *seen.frame);
    if (from_partial) {
      drop_partial();
    }
    if (next == flow::stop) {
      outcome.stopped = true;
      return outcome;
    }
  }
  return outcome;
}

}  // namespace byssus::protocol
