#pragma once

#include "byssus/protocol/bytes.hpp"
#include "byssus/protocol/frame.hpp"
#include "byssus/protocol/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace byssus::protocol {

/// What one read of a plain client means; see `plain_reader`.
struct plain_event {
  /// What a reader of plain text finds.
  enum class kind {
    message,  ///< `text` is what the client says, without its line end; any bytes but LF, never
              ///< empty.
    answer,   ///< Write `text` to the client: as many `pong` as it sent `ping`, in the same form.
  };
  kind what = kind::message;  ///< a message, or pings that want an answer
  std::string_view text{};    ///< valid during the call only
};

/// The node's side of plain mode: turns reads into messages and answers.
///
///     reads ──── first LF ever ───▶ lines
///     each read is a message        each line is a message, without its CR LF or LF
///
/// A read or line of nothing but `ping`, once or repeated, is answered; `pinging` is a message; an
/// empty line is nothing. A read that is the beginning of a ping, as `pi` or `pingp`, is held until
/// more comes or until the caller's timer of `plain_patience` calls `flush`. Among lines, `ping`
/// without a line end is held the same way and then answered, so that a client may end its lines
/// and not its pings.
///
/// Passive; one connection owns it and calls it on its thread. Idle, it holds no memory of its own.
class plain_reader {
public:
  /// Shows each event to `on_event(const plain_event&)`; its text lives until that returns.
  /// `on_event` must not call this object. Fails with `frame_too_large` if a line or read exceeds
  /// `max_plain_line_bytes`; close the connection then.
  template <class OnEvent>
  std::optional<violation> feed(byte_view read, OnEvent&& on_event) {
    auto input = join(as_text(read));
    while (const auto event = next(input)) {
      on_event(*event);
    }
    return settle(input);
  }

  /// Call when `wants_timer()` was true for `plain_patience` without a `feed`.
  template <class OnEvent>
  void flush(OnEvent&& on_event) {
    if (wants_timer()) {
      on_event(event_of(held_));
      forget();
    }
  }

  /// True if something is held that time alone will decide: (re)start the timer. Ask after every
  /// `feed`.
  [[nodiscard]] bool wants_timer() const noexcept;

  /// True once the client has sent `ping`: from then on its silence means something.
  [[nodiscard]] bool pinged() const noexcept { return pinged_; }

private:
  [[nodiscard]] std::string_view join(std::string_view read);
  /// Takes the next event off the front of `input`, if there is one.
  [[nodiscard]] std::optional<plain_event> next(std::string_view& input);
  [[nodiscard]] std::optional<violation> settle(std::string_view rest);
  [[nodiscard]] plain_event event_of(std::string_view said);
  void forget() noexcept;

  /// What is not decided yet: the beginning of a ping, or of a line.
  std::string held_;
  /// The answer that is being shown.
  std::string answer_;
  bool lines_ = false;
  bool pinged_ = false;
};

/// A line of a room as plain clients see it, `sender: text` and LF, as bytes to send
/// (`frame::raw`); without `sender: ` if the sender is empty. The text is made one line
/// (`one_line`) of at most `max_plain_line_bytes` with all that stands before it.
[[nodiscard]] frame encode_plain_line(std::string_view sender, std::string_view text);

}  // namespace byssus::protocol
