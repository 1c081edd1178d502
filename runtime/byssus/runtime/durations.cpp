#include "byssus/runtime/settings.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace byssus {

namespace {

struct unit {
  std::string_view name;
  duration length;
};

/// From the longest on, for `to_text`.
constexpr std::array units{
    unit{"h", std::chrono::hours{1}},         unit{"m", std::chrono::minutes{1}},
    unit{"s", std::chrono::seconds{1}},       unit{"ms", std::chrono::milliseconds{1}},
    unit{"us", std::chrono::microseconds{1}}, unit{"ns", std::chrono::nanoseconds{1}},
};

/// The longest span that can be written; far from where `duration` overflows.
constexpr double longest = 1e18;

}  // namespace

std::optional<duration> parse_duration(std::string_view text) {
  double number = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, flaw] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (flaw != std::errc{} || !std::isfinite(number) || number < 0)
    return std::nullopt;
  const std::string_view name{rest, static_cast<std::size_t>(end - rest)};
  for (const auto& each : units) {
    const auto span = number * static_cast<double>(each.length.count());
    if (each.name == name)
      return span <= longest ? std::optional{duration{std::llround(span)}} : std::nullopt;
  }
  return std::nullopt;
}

std::string to_text(duration span) {
  if (span == duration{0})
    return "0s";
  for (const auto& each : units) {
    if (span % each.length == duration{0})
      return std::to_string(span / each.length).append(each.name);
  }
  return std::to_string(span.count()) + "ns";
}

}  // namespace byssus
