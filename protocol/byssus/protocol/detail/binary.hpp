#pragma once

#include "byssus/protocol/bytes.hpp"
#include "byssus/protocol/frame.hpp"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace byssus::protocol::detail {

/// The same value with its bytes in network order, or back. One instruction each way.
template <std::unsigned_integral Wire>
[[nodiscard]] constexpr Wire big_endian(Wire value) noexcept {
  if constexpr (std::endian::native == std::endian::big || sizeof(Wire) == 1) {
    return value;
  } else if constexpr (sizeof(Wire) == 2) {
    return __builtin_bswap16(value);
  } else if constexpr (sizeof(Wire) == 4) {
    return __builtin_bswap32(value);
  } else {
    return __builtin_bswap64(value);
  }
}

/// Fills a buffer from the front with big-endian numbers and runs of bytes.
/// @pre everything that is written fits.
class writer {
public:
  explicit writer(std::span<std::byte> space) noexcept : space_{space} {}

  template <std::unsigned_integral Wire>
  void number(std::uint64_t value) noexcept {
    const auto wire = big_endian(static_cast<Wire>(value));
    std::memcpy(space_.data(), &wire, sizeof wire);
    space_ = space_.subspan(sizeof wire);
  }

  void bytes(byte_view run) noexcept {
    if (!run.empty()) {
      std::memcpy(space_.data(), run.data(), run.size());
    }
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

/// The header of a frame, `header_bytes` long.
inline void write_header(writer& out, frame_type type, std::uint8_t flags,
                         std::size_t body_bytes) noexcept {
  out.number<std::uint32_t>(body_bytes);
  out.number<std::uint8_t>(static_cast<std::uint8_t>(type));
  out.number<std::uint8_t>(flags);
}

/// Takes big-endian numbers and runs of bytes off the front of a body. Reading past the end yields
/// zeros and nothing, and `ok()` is false from then on.
class reader {
public:
  explicit reader(byte_view body) noexcept : rest_{body} {}

  template <std::unsigned_integral Wire>
  [[nodiscard]] Wire number() noexcept {
    Wire wire{};
    if (const auto run = bytes(sizeof wire); !run.empty()) {
      std::memcpy(&wire, run.data(), sizeof wire);
    }
    return big_endian(wire);
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
  [[nodiscard]] bool ok() const noexcept { return ok_; }

private:
  byte_view rest_;
  bool ok_ = true;
};

}  // namespace byssus::protocol::detail
