#pragma once

#include "byssus/protocol/bytes.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace byssus::protocol::detail {

/// Fills a buffer from the front with big-endian numbers and runs of bytes.
/// @pre everything that is written fits.
class writer {
public:
  explicit writer(std::span<std::byte> space) noexcept : space_{space} {}

  template <std::unsigned_integral Wire>
  void number(std::uint64_t value) noexcept {
    for (std::size_t i = 0; i < sizeof(Wire); ++i) {
      space_[i] = static_cast<std::byte>(value >> (8 * (sizeof(Wire) - 1 - i)));
    }
    space_ = space_.subspan(sizeof(Wire));
  }

  void bytes(byte_view run) noexcept {
    std::ranges::copy(run, space_.begin());
    space_ = space_.subspan(run.size());
  }

  /// A u8 length, then the text.
  void short_text(std::string_view text) noexcept {
    number<std::uint8_t>(text.size());
    bytes(as_bytes(text));
  }

private:
  std::span<std::byte> space_;
};

/// Takes big-endian numbers and runs of bytes off the front of a body. Reading past the end yields
/// zeros and nothing, and `ok()` is false from then on.
class reader {
public:
  explicit reader(byte_view body) noexcept : rest_{body} {}

  template <std::unsigned_integral Wire>
  [[nodiscard]] Wire number() noexcept {
    std::uint64_t value = 0;
    for (const auto digit : bytes(sizeof(Wire))) {
      value = value << 8 | std::to_integer<std::uint64_t>(digit);
    }
    return static_cast<Wire>(value);
  }

  [[nodiscard]] byte_view bytes(std::size_t count) noexcept {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const auto run = rest_.first(count);
    rest_ = rest_.subspan(count);
    return run;
  }

  [[nodiscard]] std::string_view short_text() noexcept {
    return as_text(bytes(number<std::uint8_t>()));
  }

  [[nodiscard]] byte_view rest() noexcept { return bytes(rest_.size()); }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
  [[nodiscard]] bool ok() const noexcept { return ok_; }

private:
  byte_view rest_;
  bool ok_ = true;
};

}  // namespace byssus::protocol::detail
