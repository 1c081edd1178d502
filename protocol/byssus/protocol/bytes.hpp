#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace byssus::protocol {

/// A read-only run of bytes that somebody else owns.
using byte_view = std::span<const std::byte>;

/// Sees the characters of `text` as bytes. The view lives as long as the characters do.
[[nodiscard]] inline byte_view as_bytes(std::string_view text) noexcept {
  return std::as_bytes(std::span{text.data(), text.size()});
}

/// Sees `bytes` as characters, whatever they are. The view lives as long as the bytes do.
[[nodiscard]] inline std::string_view as_text(byte_view bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace byssus::protocol
