#pragma once

#include "byssus/protocol/frame.hpp"
#include "byssus/protocol/payload.hpp"
#include "byssus/protocol/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

/// Payloads longer than one frame. The first frame holds the head fields and the beginning of the
/// payload, each further one, of the same type, nothing but payload; all but the last carry
/// `flag_more`:
///
///     publish │more│ head, payload…      publish │more│ …payload…      publish │ │ …payload
///
/// Uncounted frames may come between them, other counted frames may not.
namespace byssus::protocol {

///@{
/// Encodes in as many frames of at most `frame_bytes` as it takes: one allocation for each and one
/// for the list. An empty list if a field is out of range, as for `encode_…`.
/// @pre `min_frame_bytes` <= frame_bytes <= `max_frame_bytes`.
[[nodiscard]] std::vector<frame> split(const publish_view& publish, std::size_t frame_bytes);
[[nodiscard]] std::vector<frame> split(const message_view& message, std::size_t frame_bytes);
[[nodiscard]] std::vector<frame> split(const direct_view& direct, std::size_t frame_bytes);
[[nodiscard]] std::vector<frame> split(const call_view& call, std::size_t frame_bytes);
[[nodiscard]] std::vector<frame> split(const reply_view& reply, std::size_t frame_bytes);
///@}

/// A frame, or several put together: the body is what `parse_…` of its type takes.
struct whole_body {
  frame_type type{};  ///< that of the first frame
  byte_view body{};   ///< head fields and the whole payload; a view, see `reassembler::feed`
};

/// Puts continued frames together. Passive; it stands behind the decoder and sees every frame,
/// counted or not.
///
/// A frame that is whole passes through without a copy. What is collected is never larger than
/// twice what came.
class reassembler {
public:
  /// Sets the longest body, head fields and all frames of it together.
  void limit(std::size_t message_bytes) noexcept { limit_ = message_bytes; }

  /// Calls `on_whole(const whole_body&)` if `next` is whole or completes what came before; the view
  /// lives until that returns. Fails with `protocol_error` (a flag or order that is not allowed) or
  /// `message_too_large`.
  template <class OnWhole>
  std::optional<violation> feed(const frame_view& next, OnWhole&& on_whole) {
    if (!is_counted(next.type) || (!next.more() && !collecting())) {
      return pass(next, on_whole);
    }
    if (auto broken = collect(next)) {
      return broken;
    }
    if (!next.more()) {
      const auto body = std::exchange(collected_, {});
      std::forward<OnWhole>(on_whole)(whole_body{std::exchange(type_, frame_type{}), body});
    }
    return std::nullopt;
  }

  /// True if the rest of a message has to come: a deadline should run (`frame_timeout`).
  [[nodiscard]] bool collecting() const noexcept { return type_ != frame_type{}; }

  /// Bytes of the message that is being put together; 0 while there is none.
  [[nodiscard]] std::size_t collected_bytes() const noexcept { return collected_.size(); }

private:
  template <class OnWhole>
  std::optional<violation> pass(const frame_view& next, OnWhole&& on_whole) {
    if (is_counted(next.type) && next.body.size() > limit_) {
      return too_large();
    }
    std::forward<OnWhole>(on_whole)(whole_body{next.type, next.body});
    return std::nullopt;
  }
  [[nodiscard]] std::optional<violation> collect(const frame_view& next);
  [[nodiscard]] violation too_large() const;

  std::vector<std::byte> collected_;
  std::size_t limit_ = default_message_bytes;
  frame_type type_{};
};

}  // namespace byssus::protocol
