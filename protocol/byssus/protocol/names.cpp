#include "byssus/protocol/names.hpp"

#include "byssus/protocol/limits.hpp"

#include <algorithm>
#include <cstdint>

namespace byssus::protocol {

namespace {

/// The first character of a text: its code point and length in bytes, 0 bytes if it is ill-formed.
struct character {
  char32_t code = 0;
  std::size_t bytes = 0;
};

/// Length of a sequence by its first byte, and the smallest code point that needs it (RFC 3629,
/// section 3).
struct lead {
  std::size_t bytes;
  char32_t bits;
  char32_t smallest;
};

lead lead_of(unsigned char first) noexcept {
  if (first < 0x80) {
    return {1, first, 0};
  }
  if (first >= 0xc2 && first < 0xe0) {
    return {2, first & 0x1fu, 0x80};
  }
  if (first >= 0xe0 && first < 0xf0) {
    return {3, first & 0x0fu, 0x800};
  }
  if (first >= 0xf0 && first < 0xf5) {
    return {4, first & 0x07u, 0x10000};
  }
  return {0, 0, 0};
}

/// @pre `text` is not empty.
character first_character(std::string_view text) noexcept {
  const auto start = lead_of(static_cast<unsigned char>(text.front()));
  if (start.bytes == 0 || start.bytes > text.size()) {
    return {};
  }
  auto code = start.bits;
  for (const auto unit : text.substr(1, start.bytes - 1)) {
    const auto bits = static_cast<unsigned char>(unit);
    if ((bits & 0xc0u) != 0x80u) {
      return {};
    }
    code = code << 6 | (bits & 0x3fu);
  }
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  return code < start.smallest || surrogate || code > 0x10ffff ? character{}
                                                               : character{code, start.bytes};
}

bool is_control(char32_t code) noexcept {
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

bool breaks_lines(char32_t code) noexcept {
  return code == 0x2028 || code == 0x2029;
}

bool turns_text(char32_t code) noexcept {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/// `text` from its first character on that is a control or not ASCII; most text has none.
std::string_view after_plain_ascii(std::string_view text) noexcept {
  const auto rest = std::ranges::find_if_not(text, [](char c) { return c >= 0x20 && c < 0x7f; });
  return text.substr(static_cast<std::size_t>(rest - text.begin()));
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  for (text = after_plain_ascii(text); !text.empty();) {
    const auto next = first_character(text);
    if (next.bytes == 0) {
      return false;
    }
    text.remove_prefix(next.bytes);
  }
  return true;
}

std::string_view flaw_in_name(std::string_view name) noexcept {
  if (name.empty()) {
    return "is empty";
  }
  if (name.size() > max_name_bytes) {
    return "is longer than 255 bytes";
  }
  for (name = after_plain_ascii(name); !name.empty();) {
    const auto next = first_character(name);
    if (next.bytes == 0) {
      return "is not UTF-8";
    }
    if (is_control(next.code)) {
      return "has a control character";
    }
    if (breaks_lines(next.code)) {
      return "has a line separator";
    }
    if (turns_text(next.code)) {
      return "has a bidirectional override";
    }
    name.remove_prefix(next.bytes);
  }
  return {};
}

std::string one_line(std::string_view text, std::size_t max_bytes) {
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  std::string line;
  line.reserve(std::min(text.size(), max_bytes));
  while (!text.empty()) {
    const auto next = first_character(text);
    const bool blank = (is_control(next.code) && next.code != '\t') || breaks_lines(next.code) ||
                       turns_text(next.code);
    const auto shown = next.bytes == 0 ? replacement : blank ? " " : text.substr(0, next.bytes);
    if (line.size() + shown.size() > max_bytes) {
      break;
    }
    line += shown;
    text.remove_prefix(std::max<std::size_t>(next.bytes, 1));
  }
  return line;
}

}  // namespace byssus::protocol
