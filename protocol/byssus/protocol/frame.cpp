#include "byssus/protocol/frame.hpp"

#include "byssus/protocol/detail/binary.hpp"

#include <algorithm>
#include <cassert>
#include <new>

namespace byssus::protocol {

namespace {

std::atomic<std::size_t> live_frames{0};

}  // namespace

std::string_view name(frame_type type) noexcept {
  switch (type) {
    case frame_type::hello:
      return "hello";
    case frame_type::welcome:
      return "welcome";
    case frame_type::ping:
      return "ping";
    case frame_type::pong:
      return "pong";
    case frame_type::ack:
      return "ack";
    case frame_type::goaway:
      return "goaway";
    case frame_type::close:
      return "close";
    case frame_type::subscribe:
      return "subscribe";
    case frame_type::unsubscribe:
      return "unsubscribe";
    case frame_type::subscribed:
      return "subscribed";
    case frame_type::publish:
      return "publish";
    case frame_type::receipt:
      return "receipt";
    case frame_type::message:
      return "message";
    case frame_type::direct:
      return "direct";
    case frame_type::gap:
      return "gap";
    case frame_type::call:
      return "call";
    case frame_type::reply:
      return "reply";
    case frame_type::error:
      return "error";
    case frame_type::presence:
      return "presence";
  }
  return "unknown";
}

frame::frame(frame_type type, byte_view body, std::uint8_t flags)
    : block_{allocate(header_bytes + body.size())} {
  write_header(type, flags, body.size());
  detail::writer{{data() + header_bytes, body.size()}}.bytes(body);
}

frame frame::raw(byte_view bytes) {
  frame made{allocate(bytes.size())};
  detail::writer{{made.data(), bytes.size()}}.bytes(bytes);
  return made;
}

frame_view frame::view() const noexcept {
  const auto whole = bytes();
  return {type(), std::to_integer<std::uint8_t>(whole[5]), whole.subspan(header_bytes), whole};
}

std::size_t frame::live() noexcept {
  return live_frames.load(std::memory_order_relaxed);
}

frame::block* frame::allocate(std::size_t bytes) {
  auto* memory = ::operator new(sizeof(block) + bytes);
  live_frames.fetch_add(1, std::memory_order_relaxed);
  return new (memory) block{1, static_cast<std::uint32_t>(bytes), frame_type{}};
}

void frame::destroy(block* unowned) noexcept {
  unowned->~block();
  ::operator delete(unowned);
  live_frames.fetch_sub(1, std::memory_order_relaxed);
}

void frame::write_header(frame_type type, std::uint8_t flags, std::size_t body_bytes) noexcept {
  assert(header_bytes + body_bytes <= max_frame_bytes);
  block_->type = type;
  detail::writer out{{data(), header_bytes}};
  detail::write_header(out, type, flags, body_bytes);
}

}  // namespace byssus::protocol
