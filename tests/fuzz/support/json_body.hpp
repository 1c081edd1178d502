#pragma once

#include "byssus/protocol/frame.hpp"
#include "byssus/protocol/limits.hpp"

#include "choices.hpp"
#include <span>
#include <string>
#include <string_view>

/// Bodies of JSON that get past the parser's first lines, and those that only just do not.
namespace byssus::fuzz {

/// What a parser expects under a key.
struct field {
  enum class kind : std::uint8_t { number, truth, text, texts, object };

  std::string_view key;
  kind what = kind::text;
  std::uint64_t least = 0;
  std::uint64_t most = protocol::max_number;
  std::span<const field> inner{};
};

/// Writes an object field by field; the input says which to leave out, to write twice, or to give
/// another type, and what they hold. At the input's end all are there and sound.
std::string some_object(input& in, std::span<const field> shape);

/// How a body comes about, as one byte of the input says.
class making {
public:
  explicit making(input& in) noexcept : how_(in.byte()) {}

  /// True: as the rest of the input is, byte for byte.
  bool raw() const noexcept { return (how_ & 1) != 0; }
  /// Chooses between two shapes, where there are two.
  bool second() const noexcept { return (how_ & 8) != 0; }

  /// The body: raw, or printed by `encode`, which takes choices off the input and returns a frame,
  /// or written by `some_object`; the latter two perhaps spoilt.
  template <class Encode>
  std::string body(input& in, std::span<const field> shape, Encode encode) const {
    if (raw())
      return std::string{protocol::as_text(in.rest())};
    std::string made;
    if ((how_ & 2) != 0)
      made = some_object(in, shape);
    else if (const auto sent = encode(in))
      made = protocol::as_text(sent.view().body);
    return (how_ & 4) != 0 ? spoilt(std::move(made), in) : made;
  }

private:
  std::uint8_t how_;
};

}  // namespace byssus::fuzz
