#include "byssus/protocol/detail/heads.hpp"

#include "byssus/protocol/names.hpp"

namespace byssus::protocol::detail {

namespace {

constexpr std::size_t u64_bytes = 8;
constexpr std::size_t kind_bytes = 1;

constexpr std::size_t short_text_bytes(std::string_view text) noexcept {
  return 1 + text.size();
}

void write_kind(writer& out, content_kind kind) noexcept {
  out.number<std::uint8_t>(static_cast<std::uint8_t>(kind));
}

std::optional<violation> flaw_in_number(const char* field, std::uint64_t number) {
  if (number <= max_number) {
    return std::nullopt;
  }
  return violation{close_code::bad_body, std::string{field} + " is above 2^53-1"};
}

std::optional<violation> flaw_in_text(const char* field, std::string_view name) {
  const auto flaw = flaw_in_name(name);
  if (flaw.empty()) {
    return std::nullopt;
  }
  return violation{close_code::bad_name, std::string{field} + " " + std::string{flaw}};
}

}  // namespace

std::size_t head_bytes(const publish_view& publish) noexcept {
  return 2 * u64_bytes + kind_bytes + short_text_bytes(publish.room);
}

std::size_t head_bytes(const message_view& message) noexcept {
  return u64_bytes + kind_bytes + short_text_bytes(message.room) + short_text_bytes(message.sender);
}

std::size_t head_bytes(const direct_view& direct) noexcept {
  return kind_bytes + short_text_bytes(direct.name);
}

std::size_t head_bytes(const call_view& call) noexcept {
  return u64_bytes + kind_bytes + short_text_bytes(call.name);
}

std::size_t head_bytes(const reply_view&) noexcept {
  return u64_bytes + kind_bytes;
}

void write_head(writer& out, const publish_view& publish) noexcept {
  out.number<std::uint64_t>(publish.publisher);
  out.number<std::uint64_t>(publish.number);
  write_kind(out, publish.kind);
  out.short_text(publish.room);
}

void write_head(writer& out, const message_view& message) noexcept {
  out.number<std::uint64_t>(message.offset);
  write_kind(out, message.kind);
  out.short_text(message.room);
  out.short_text(message.sender);
}

void write_head(writer& out, const direct_view& direct) noexcept {
  write_kind(out, direct.kind);
  out.short_text(direct.name);
}

void write_head(writer& out, const call_view& call) noexcept {
  out.number<std::uint64_t>(call.id);
  write_kind(out, call.kind);
  out.short_text(call.name);
}

void write_head(writer& out, const reply_view& reply) noexcept {
  out.number<std::uint64_t>(reply.id);
  write_kind(out, reply.kind);
}

std::optional<violation> flaw_in_head(const publish_view& publish) {
  auto flaw = flaw_in_number("publisher", publish.publisher);
  if (!flaw) {
    flaw = flaw_in_number("number", publish.number);
  }
  return flaw ? flaw : flaw_in_text("room", publish.room);
}

std::optional<violation> flaw_in_head(const message_view& message) {
  auto flaw = flaw_in_number("offset", message.offset);
  if (!flaw) {
    flaw = flaw_in_text("room", message.room);
  }
  return flaw || message.sender.empty() ? flaw : flaw_in_text("sender", message.sender);
}

std::optional<violation> flaw_in_head(const direct_view& direct) {
  return flaw_in_text("name", direct.name);
}

std::optional<violation> flaw_in_head(const call_view& call) {
  auto flaw = flaw_in_number("id", call.id);
  return flaw ? flaw : flaw_in_text("name", call.name);
}

std::optional<violation> flaw_in_head(const reply_view& reply) {
  return flaw_in_number("id", reply.id);
}

}  // namespace byssus::protocol::detail
