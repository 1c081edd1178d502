#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace byssus::protocol {

/// True if `text` is well-formed UTF-8 (RFC 3629): no overlong form, no surrogate, nothing past
/// U+10FFFF, no sequence cut short.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// What is wrong with `name` as the name of a room or a client, in words that follow "the name", as
/// in "is longer than 255 bytes"; empty if it is valid. Valid is: 1–255 bytes of well-formed UTF-8
/// without controls (U+0000–001F, U+007F–009F), line and paragraph separators (U+2028, U+2029) and
/// bidirectional overrides and isolates (U+202A–202E, U+2066–2069), which could forge a line `name:
/// text`. Names are compared byte by byte.
[[nodiscard]] std::string_view flaw_in_name(std::string_view name) noexcept;

/// True if `name` may name a room or a client; see `flaw_in_name`.
[[nodiscard]] inline bool is_valid_name(std::string_view name) noexcept {
  return flaw_in_name(name).empty();
}

/// `text` made safe to show on one line: ill-formed bytes become U+FFFD, controls, separators and
/// bidirectional overrides become spaces (a tab stays), and what is longer than `max_bytes` is cut
/// off between two characters.
[[nodiscard]] std::string one_line(std::string_view text, std::size_t max_bytes);

}  // namespace byssus::protocol
