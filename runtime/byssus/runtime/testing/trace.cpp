#include "byssus/runtime/testing/trace.hpp"

#include <cinttypes>
#include <cstdio>

namespace byssus::testing {

namespace {

constexpr std::uint64_t offset_basis = 14695981039346656037ULL;
constexpr std::uint64_t prime = 1099511628211ULL;

void fold_byte(std::uint64_t& hash, unsigned char byte) noexcept {
  hash = (hash ^ byte) * prime;
}

}  // namespace

void trace::fold(std::string_view text) noexcept {
  for (const char c : text)
    fold_byte(hash_, static_cast<unsigned char>(c));
  fold_byte(hash_, 0xff);
}

void trace::fold(std::uint64_t number) noexcept {
  for (int shift = 0; shift < 64; shift += 8)
    fold_byte(hash_, static_cast<unsigned char>(number >> shift));
}

void trace::record(instant when, std::string_view host, std::string_view what, std::uint64_t first,
                   std::uint64_t second) {
  ++events_;
  fold(static_cast<std::uint64_t>(when.time_since_epoch().count()));
  fold(host);
  fold(what);
  fold(first);
  fold(second);
  if (!keep_ && !print_)
    return;
  auto text = line(when, host, what, first, second);
  if (print_)
    std::fprintf(stderr, "%s\n", text.c_str());
  if (keep_)
    lines_.push_back(std::move(text));
}

std::string trace::line(instant when, std::string_view host, std::string_view what,
                        std::uint64_t first, std::uint64_t second) const {
  const auto since = (when - origin_).count();
  char time[40];
  std::snprintf(time, sizeof time, "%lld.%09lld ", static_cast<long long>(since / 1'000'000'000),
                static_cast<long long>(since % 1'000'000'000));
  std::string text{time};
  text.append(host).append(": ").append(what);
  for (const auto number : {first, second})
    if (number != 0)
      text.append(1, ' ').append(std::to_string(number));
  return text;
}

std::uint64_t fnv1a(std::string_view bytes) noexcept {
  auto hash = offset_basis;
  for (const char c : bytes)
    fold_byte(hash, static_cast<unsigned char>(c));
  return hash;
}

}  // namespace byssus::testing
