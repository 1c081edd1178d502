#include "byssus/protocol/first_bytes.hpp"

#include "byssus/protocol/handshake.hpp"

#include <string_view>

namespace byssus::protocol {

namespace {

constexpr std::byte tls_handshake_record{0x16};
constexpr std::string_view get = "GET ";

}  // namespace

language first_bytes::feed(byte_view bytes) noexcept {
  for (const auto next : bytes) {
    if (verdict_ != language::undecided) {
      break;
    }
    if (next == std::byte(get[seen_of_get_])) {
      verdict_ = ++seen_of_get_ == get.size() ? language::http : language::undecided;
    } else if (seen_of_get_ > 0) {
      verdict_ = language::plain;
    } else if (next == preface.front()) {
      verdict_ = language::byssus;
    } else {
      verdict_ = next == tls_handshake_record ? language::tls : language::plain;
    }
  }
  return verdict_;
}

language first_bytes::give_up() noexcept {
  if (verdict_ == language::undecided) {
    verdict_ = language::plain;
  }
  return verdict_;
}

result<std::size_t> preface_reader::feed(byte_view bytes) {
  std::size_t taken = 0;
  while (!done() && taken < bytes.size()) {
    const auto next = bytes[taken++];
    if (next == preface[seen_]) {
      ++seen_;
      continue;
    }
    if (seen_ + 1u == preface.size()) {
      return violation{close_code::unsupported_version,
                       "this node speaks version " + std::to_string(protocol_version) + ", not " +
                           std::to_string(std::to_integer<unsigned>(next))};
    }
    return violation{close_code::bad_preface,
                     "byte " + std::to_string(seen_) + " of the preface is wrong"};
  }
  return taken;
}

bool preface_reader::done() const noexcept {
  return seen_ == preface.size();
}

}  // namespace byssus::protocol
