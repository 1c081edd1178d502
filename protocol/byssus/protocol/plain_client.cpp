#include "byssus/protocol/plain_client.hpp"

#include <algorithm>
#include <utility>

namespace byssus::protocol {

namespace {

constexpr std::string_view pong_word = "pong";

/// How many of the last bytes of `text` could be the beginning of a `pong`: 0–3.
std::size_t half_pong_at_end(std::string_view text) noexcept {
  for (std::size_t length = pong_word.size() - 1; length > 0; --length) {
    if (text.ends_with(pong_word.substr(0, length))) {
      return length;
    }
  }
  return 0;
}

/// The line end at the front of `text`: 0–2.
std::size_t line_end_at_front(std::string_view text) noexcept {
  return text.starts_with("\r\n") ? 2u : text.starts_with('\n') ? 1u : 0u;
}

/// Where the `pong` begins that ends `text`, its line end included; `npos` if there is none. Among
/// `lines` half a line end is enough.
std::size_t pong_at_end(std::string_view text, bool lines) noexcept {
  for (const std::string_view ending : {"pong", "pong\n", "pong\r\n", "pong\r"}) {
    if (text.ends_with(ending) && (lines || !ending.ends_with('\r'))) {
      return text.size() - ending.size();
    }
  }
  return std::string_view::npos;
}

plain_client_event take_data(std::string_view& input, std::size_t length) noexcept {
  const auto text = input.substr(0, length);
  input.remove_prefix(text.size());
  return {plain_client_event::kind::data, text};
}

}  // namespace

std::string_view plain_client::join(std::string_view read) {
  if (held_.empty()) {
    return read;
  }
  seam_ = held_.size();
  held_ += read;
  return held_;
}

/// A CR that ends the read may be half of what is awaited, and is dropped as well: then an LF is.
void plain_client::drop_line_end(std::string_view& input) {
  if (input.empty()) {
    return;
  }
  const auto awaited = std::exchange(awaited_, line_end::none);
  if (awaited == line_end::whole && input == "\r") {
    input.remove_prefix(1);
    awaited_ = line_end::lf;
  } else if (awaited == line_end::whole || (awaited == line_end::lf && input.front() == '\n')) {
    input.remove_prefix(line_end_at_front(input));
  }
}

std::optional<plain_client_event> plain_client::next(std::string_view& input) {
  drop_line_end(input);
  if (input.empty()) {
    return std::nullopt;
  }
  if (outstanding_ == 0) {
    return take_data(input, input.size());
  }
  if (seam_ > 0) {
    const auto start = seam_ - half_pong_at_end(input.substr(0, seam_));
    const auto across = input.substr(start, pong_word.size());
    if (across.size() < pong_word.size() && pong_word.starts_with(across)) {
      return std::nullopt;
    }
    const auto before = across == pong_word ? start : seam_;
    seam_ = 0;
    if (before > 0) {
      return take_data(input, before);
    }
  }
  if (input.starts_with(pong_word)) {
    take_pong(input);
    return plain_client_event{plain_client_event::kind::pong, {}};
  }
  if (half_pong_at_end(input) > 0) {
    return std::nullopt;
  }
  return take_data(input, std::min(pong_at_end(input, lines_), input.size()));
}

/// Takes the `pong` off the front of `input`, with as much of its line end as has come.
void plain_client::take_pong(std::string_view& input) {
  --outstanding_;
  input.remove_prefix(pong_word.size());
  if (const auto length = line_end_at_front(input)) {
    input.remove_prefix(length);
  } else if (lines_) {
    awaited_ = line_end::whole;
    drop_line_end(input);
  }
}

void plain_client::settle(std::string_view rest) {
  std::string{rest}.swap(held_);
  seam_ = 0;
}

}  // namespace byssus::protocol
