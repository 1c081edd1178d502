#include "byssus/protocol/plain.hpp"

#include "byssus/protocol/names.hpp"

namespace byssus::protocol {

namespace {

constexpr std::string_view ping_word = "ping";

std::string_view without_line_end(std::string_view said) noexcept {
  if (said.ends_with('\n')) {
    said.remove_suffix(1);
  }
  if (said.ends_with('\r')) {
    said.remove_suffix(1);
  }
  return said;
}

/// What is left of `said` behind all the `ping` that it begins with.
std::string_view after_pings(std::string_view said) noexcept {
  while (said.starts_with(ping_word)) {
    said.remove_prefix(ping_word.size());
  }
  return said;
}

bool is_pings(std::string_view said) noexcept {
  return !said.empty() && after_pings(said).empty();
}

/// True if more bytes could make a read of nothing but pings, or end its line, out of `said`.
bool may_become_pings(std::string_view said) noexcept {
  const auto tail = after_pings(said);
  return tail == "\r" ? tail.size() < said.size() : !tail.empty() && ping_word.starts_with(tail);
}

}  // namespace

bool plain_reader::wants_timer() const noexcept {
  return lines_ ? is_pings(without_line_end(held_)) : !held_.empty();
}

std::string_view plain_reader::join(std::string_view read) {
  if (held_.empty()) {
    return read;
  }
  held_ += read;
  return held_;
}

std::optional<plain_event> plain_reader::next(std::string_view& input) {
  while (!input.empty()) {
    const auto line_feed = input.find('\n');
    lines_ = lines_ || line_feed != std::string_view::npos;
    const auto said = input.substr(0, lines_ ? line_feed + 1 : input.size());
    const bool undecided = lines_ ? line_feed == std::string_view::npos : may_become_pings(said);
    const auto text = without_line_end(said);
    if (undecided || text.size() > max_plain_line_bytes) {
      return std::nullopt;
    }
    input.remove_prefix(said.size());
    if (!text.empty()) {
      return event_of(said);
    }
  }
  return std::nullopt;
}

std::optional<violation> plain_reader::settle(std::string_view rest) {
  if (without_line_end(rest).size() > max_plain_line_bytes) {
    forget();
    return violation{close_code::frame_too_large,
                     "a line of more than " + std::to_string(max_plain_line_bytes) + " bytes"};
  }
  // Swapped, not assigned: a short string that is assigned leaves the long one its memory.
  std::string{rest}.swap(held_);
  std::string{}.swap(answer_);
  return std::nullopt;
}

plain_event plain_reader::event_of(std::string_view said) {
  const auto text = without_line_end(said);
  if (!is_pings(text)) {
    return {plain_event::kind::message, text};
  }
  pinged_ = true;
  answer_ = said;
  for (std::size_t word = 0; word < text.size(); word += ping_word.size()) {
    answer_[word + 1] = 'o';
  }
  return {plain_event::kind::answer, answer_};
}

void plain_reader::forget() noexcept {
  std::string{}.swap(held_);
  std::string{}.swap(answer_);
}

frame encode_plain_line(std::string_view sender, std::string_view text) {
  std::string line = one_line(sender, max_name_bytes);
  if (!line.empty()) {
    line += ": ";
  }
  line += one_line(text, max_plain_line_bytes - line.size());
  line += '\n';
  return frame::raw(as_bytes(line));
}

}  // namespace byssus::protocol
