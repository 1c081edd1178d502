#pragma once

#include "byssus/protocol/detail/binary.hpp"
#include "byssus/protocol/payload.hpp"

#include <optional>

/// What stands before the payload of each type that carries one; shared by `payload.cpp` and
/// `fragments.cpp`.
namespace byssus::protocol::detail {

constexpr frame_type type_of(const publish_view&) noexcept {
  return frame_type::publish;
}
constexpr frame_type type_of(const message_view&) noexcept {
  return frame_type::message;
}
constexpr frame_type type_of(const direct_view&) noexcept {
  return frame_type::direct;
}
constexpr frame_type type_of(const call_view&) noexcept {
  return frame_type::call;
}
constexpr frame_type type_of(const reply_view&) noexcept {
  return frame_type::reply;
}

[[nodiscard]] std::size_t head_bytes(const publish_view& publish) noexcept;
[[nodiscard]] std::size_t head_bytes(const message_view& message) noexcept;
[[nodiscard]] std::size_t head_bytes(const direct_view& direct) noexcept;
[[nodiscard]] std::size_t head_bytes(const call_view& call) noexcept;
[[nodiscard]] std::size_t head_bytes(const reply_view& reply) noexcept;

void write_head(writer& out, const publish_view& publish) noexcept;
void write_head(writer& out, const message_view& message) noexcept;
void write_head(writer& out, const direct_view& direct) noexcept;
void write_head(writer& out, const call_view& call) noexcept;
void write_head(writer& out, const reply_view& reply) noexcept;

/// What is wrong with the head fields, if anything.
[[nodiscard]] std::optional<violation> flaw_in_head(const publish_view& publish);
[[nodiscard]] std::optional<violation> flaw_in_head(const message_view& message);
[[nodiscard]] std::optional<violation> flaw_in_head(const direct_view& direct);
[[nodiscard]] std::optional<violation> flaw_in_head(const call_view& call);
[[nodiscard]] std::optional<violation> flaw_in_head(const reply_view& reply);

}  // namespace byssus::protocol::detail
