#include "byssus/protocol/decoder.hpp"

#include "byssus/protocol/detail/binary.hpp"

#include <algorithm>
#include <string>

namespace byssus::protocol {

namespace {

struct header {
  std::uint64_t frame_bytes;
  frame_type type;
  std::uint8_t flags;
};

header read_header(byte_view bytes) noexcept {
  detail::reader in{bytes};
  const auto body_bytes = in.number<std::uint32_t>();
  const auto type = frame_type{in.number<std::uint8_t>()};
  return {header_bytes + std::uint64_t{body_bytes}, type, in.number<std::uint8_t>()};
}

bool is_sound(const header& head, std::size_t limit) noexcept {
  const auto allowed = may_continue(head.type) ? unsigned{flag_more} : 0u;
  return head.frame_bytes <= limit &&
         (is_known(head.type) ? (head.flags & ~allowed) == 0 : is_ignorable(head.type));
}

/// What is wrong with a header, the length before the type and the type before the flags.
/// @pre the header is not sound.
violation flaw_in(const header& head, std::size_t limit) {
  if (head.frame_bytes > limit) {
    return {close_code::frame_too_large, "a frame of " + std::to_string(head.frame_bytes) +
                                             " bytes, " + std::to_string(limit) + " are allowed"};
  }
  if (!is_known(head.type)) {
    return {close_code::unknown_type,
            "frame type " + std::to_string(static_cast<unsigned>(head.type))};
  }
  return {close_code::protocol_error,
          "flags " + std::to_string(head.flags) + " on " + std::string{name(head.type)}};
}

}  // namespace

decoder::front decoder::look(byte_view bytes) const {
  front seen;
  if (bytes.size() < header_bytes) {
    return seen;
  }
  const auto head = read_header(bytes);
  if (!is_sound(head, limit_)) {
    seen.broken = flaw_in(head, limit_);
    return seen;
  }
  seen.needed = static_cast<std::size_t>(head.frame_bytes);
  if (bytes.size() >= seen.needed) {
    const auto whole = bytes.first(seen.needed);
    seen.frame = frame_view{head.type, head.flags, whole.subspan(header_bytes), whole};
  }
  return seen;
}

std::size_t decoder::extend_partial(byte_view rest, front& seen) {
  std::size_t taken = 0;
  seen = look(partial_);
  while (!seen.frame && !seen.broken && taken < rest.size()) {
    const auto piece =
        rest.subspan(taken, std::min(seen.needed - partial_.size(), rest.size() - taken));
    partial_.insert(partial_.end(), piece.begin(), piece.end());
    taken += piece.size();
    seen = look(partial_);
  }
  return taken;
}

void decoder::keep(byte_view rest) {
  partial_.assign(rest.begin(), rest.end());
}

void decoder::drop_partial() noexcept {
  std::vector<std::byte>{}.swap(partial_);
}

}  // namespace byssus::protocol
