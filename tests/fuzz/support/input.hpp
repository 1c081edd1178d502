#pragma once

#include "byssus/protocol/bytes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace byssus::fuzz {

/// Takes choices off the front of a fuzzer's input. Every run of bytes means something, and past
/// its end all is zero, so that libFuzzer's own mutations, crossovers and dictionaries work on it
/// as they are.
class input {
public:
  explicit input(protocol::byte_view bytes) noexcept : rest_(bytes) {}

  bool at_end() const noexcept { return rest_.empty(); }

  std::uint8_t byte() noexcept {
    if (rest_.empty())
      return 0;
    const auto front = std::to_integer<std::uint8_t>(rest_.front());
    rest_ = rest_.subspan(1);
    return front;
  }

  /// From 0 to `most`, which is at most 255.
  std::size_t up_to(std::size_t most) noexcept { return byte() % (most + 1); }

  /// One of `choices`.
  template <class T, std::size_t Count>
  const T& one_of(const T (&choices)[Count]) noexcept {
    return choices[up_to(Count - 1)];
  }

  std::uint64_t number() noexcept {
    std::uint64_t value = 0;
    for (auto digits = up_to(8); digits > 0; --digits)
      value = value << 8 | byte();
    return value;
  }

  /// As many bytes as a first byte says.
  std::string text() {
    const std::size_t wanted = byte();
    const auto taken = rest_.first(std::min(wanted, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return std::string{protocol::as_text(taken)};
  }

  protocol::byte_view rest() const noexcept { return rest_; }

private:
  protocol::byte_view rest_;
};

}  // namespace byssus::fuzz
