#include "byssus/protocol/fragments.hpp"

#include "byssus/protocol/detail/heads.hpp"

#include <algorithm>
#include <cassert>
#include <string>

namespace byssus::protocol {

namespace {

/// The head fields and the beginning of the payload.
template <class View>
frame first_fragment(const View& view, byte_view piece, std::uint8_t flags) {
  const auto bytes = detail::head_bytes(view) + piece.size();
  return frame::make(detail::type_of(view), flags, bytes, [&](std::span<std::byte> space) {
    detail::writer out{space};
    detail::write_head(out, view);
    out.bytes(piece);
  });
}

template <class View>
std::vector<frame> split_view(const View& view, std::size_t frame_bytes) {
  assert(frame_bytes >= min_frame_bytes && frame_bytes <= max_frame_bytes);
  std::vector<frame> frames;
  if (detail::flaw_in_head(view)) {
    return frames;
  }
  const auto space = frame_bytes - header_bytes;
  auto rest = view.payload;
  const auto take = [&rest](std::size_t most) {
    const auto piece = rest.first(std::min(most, rest.size()));
    rest = rest.subspan(piece.size());
    return piece;
  };
  const auto flags = [&rest] { return rest.empty() ? std::uint8_t{0} : flag_more; };

  const auto head = detail::head_bytes(view);
  frames.reserve(1 + (head + rest.size()) / space);
  const auto opening = take(space - head);
  frames.push_back(first_fragment(view, opening, flags()));
  while (!rest.empty()) {
    const auto piece = take(space);
    frames.emplace_back(detail::type_of(view), piece, flags());
  }
  return frames;
}

}  // namespace

std::vector<frame> split(const publish_view& publish, std::size_t frame_bytes) {
  return split_view(publish, frame_bytes);
}

std::vector<frame> split(const message_view& message, std::size_t frame_bytes) {
  return split_view(message, frame_bytes);
}

std::vector<frame> split(const direct_view& direct, std::size_t frame_bytes) {
  return split_view(direct, frame_bytes);
}

std::vector<frame> split(const call_view& call, std::size_t frame_bytes) {
  return split_view(call, frame_bytes);
}

std::vector<frame> split(const reply_view& reply, std::size_t frame_bytes) {
  return split_view(reply, frame_bytes);
}

std::optional<violation> reassembler::collect(const frame_view& next) {
  if (collecting() && next.type != type_) {
    return violation{
        close_code::protocol_error,
        std::string{name(next.type)} + " between the frames of a " + std::string{name(type_)}};
  }
  if (!may_continue(next.type)) {
    return violation{close_code::protocol_error,
                     std::string{name(next.type)} + " cannot be continued"};
  }
  if (next.body.size() > limit_ - std::min(limit_, collected_.size())) {
    return too_large();
  }
  type_ = next.type;
  collected_.insert(collected_.end(), next.body.begin(), next.body.end());
  return std::nullopt;
}

violation reassembler::too_large() const {
  return {close_code::message_too_large,
          "a message of more than " + std::to_string(limit_) + " bytes"};
}

}  // namespace byssus::protocol
