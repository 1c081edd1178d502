#pragma once

#include "byssus/protocol/bytes.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace byssus::protocol {

/// What one read of a plain server means; see `plain_client`.
struct plain_client_event {
  /// What a client finds in what a server says.
  enum class kind {
    data,  ///< `text` is what the server says.
    pong,  ///< The oldest outstanding ping is answered; `text` is empty.
  };
  kind what = kind::data;   ///< the answer to a ping, or anything else
  std::string_view text{};  ///< valid during the call only
};

/// The client's side of plain mode: tells answers to our pings from data, in a stream that does not
/// mark them.
///
/// While a ping is outstanding, one `pong` (with its CR LF or LF, if any) at the beginning or at
/// the end of a read is the answer to it, and the rest of the read is data. A read that ends in
/// `p`, `po` or `pon` is held meanwhile, until the next read or until the caller's timer of
/// `plain_patience` calls `flush`. Without an outstanding ping every read is data, as it came.
///
/// Pings that are lines have lines for answers: then a line end that comes in later reads than its
/// pong belongs to that, too, and so does a CR with which a read ends there: it is half of one.
///
/// Passive; one connection owns it and calls it on its thread.
class plain_client {
public:
  /// @param lines the pings that are sent end with a line end
  explicit plain_client(bool lines = false) noexcept : lines_{lines} {}

  /// Call when a `ping` was written.
  void on_ping_sent() noexcept { ++outstanding_; }

  /// Call when the answer to the oldest ping is waited for no more. @pre one is outstanding.
  void on_ping_given_up() noexcept { --outstanding_; }

  /// Pings without an answer.
  [[nodiscard]] std::size_t outstanding() const noexcept { return outstanding_; }

  /// Shows each event to `on_event(const plain_client_event&)`; its text lives until that returns.
  /// `on_event` may call `on_ping_sent`, and nothing else of this object.
  template <class OnEvent>
  void feed(byte_view read, OnEvent&& on_event) {
    auto input = join(as_text(read));
    while (const auto event = next(input)) {
      on_event(*event);
    }
    settle(input);
  }

  /// Call when `wants_timer()` was true for `plain_patience` without a `feed`.
  template <class OnEvent>
  void flush(OnEvent&& on_event) {
    if (wants_timer()) {
      on_event(plain_client_event{plain_client_event::kind::data, held_});
      std::string{}.swap(held_);
      seam_ = 0;
    }
  }

  /// True if the end of a read is held that may be half a `pong`: (re)start the timer. Ask after
  /// every `feed`.
  [[nodiscard]] bool wants_timer() const noexcept { return !held_.empty(); }

private:
  [[nodiscard]] std::string_view join(std::string_view read);
  /// Takes the next event off `input`, if there is one.
  [[nodiscard]] std::optional<plain_client_event> next(std::string_view& input);
  void take_pong(std::string_view& input);
  void drop_line_end(std::string_view& input);
  void settle(std::string_view rest);

  /// What may still come of the line end of a pong that ended the reads so far.
  enum class line_end { none, lf, whole };

  std::string held_;
  /// While a held read is being joined with the next: where it ended, or 0.
  std::size_t seam_ = 0;
  std::size_t outstanding_ = 0;
  bool lines_;
  line_end awaited_ = line_end::none;
};

}  // namespace byssus::protocol
