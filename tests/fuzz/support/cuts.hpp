#pragma once

#include "byssus/protocol/bytes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace byssus::fuzz {

/// A small generator whose numbers follow from the input, so that a finding can be replayed and
/// every mutation also cuts elsewhere. The input itself stays what a peer would send.
class dice {
public:
  explicit dice(protocol::byte_view input) noexcept {
    for (const auto byte : input)
      state_ = (state_ ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3u;
  }

  /// From 0 to `most`.
  std::size_t up_to(std::size_t most) noexcept {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return static_cast<std::size_t>(state_ % (most + 1));
  }

private:
  std::uint64_t state_ = 0xcbf29ce484222325u;
};

/// How a stream reaches whoever reads it.
enum class cutting : std::uint8_t { whole, single_bytes, pieces };

inline constexpr cutting all_cuttings[] = {cutting::whole, cutting::single_bytes, cutting::pieces};

/// Calls `feed` with one piece of `stream` after the other until it returns false or all is fed. An
/// empty stream is no piece.
template <class Feed>
void in_pieces(protocol::byte_view stream, cutting way, Feed&& feed) {
  dice chance{stream};
  while (!stream.empty()) {
    auto size = way == cutting::whole ? stream.size() : std::size_t{1};
    if (way == cutting::pieces)
      size = std::min(1 + chance.up_to(chance.up_to(2) == 0 ? 300 : 12), stream.size());
    if (!feed(stream.first(size)))
      return;
    stream = stream.subspan(size);
  }
}

}  // namespace byssus::fuzz
