#include "byssus/actors/links/messages.hpp"

#include <algorithm>
#include <ostream>

namespace byssus {

namespace {

/// Seconds with one decimal, rounded up: nothing happens sooner than it says.
std::string in_seconds(duration span) {
  constexpr duration tenth = std::chrono::milliseconds{100};
  const auto tenths = std::max(span, duration{0}) / tenth +
                      (span > duration{0} && span % tenth > duration{0} ? 1 : 0);
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " s";
}

/// The other side's words, without what could move a terminal's cursor or end a log's line.
std::string printable(std::string_view text) {
  std::string safe{text};
  std::replace_if(
      safe.begin(), safe.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return safe;
}

std::string because(const link_state& state) {
  std::string why{sentence(state.reason)};
  if (!state.detail.empty())
    why += ": " + printable(state.detail);
  return " (" + why + ')';
}

}  // namespace

std::string_view name(link_phase phase) noexcept {
  switch (phase) {
    case link_phase::connecting:
      return "connecting";
    case link_phase::up:
      return "up";
    case link_phase::suspect:
      return "suspect";
    case link_phase::down:
      return "down";
    case link_phase::failed:
      return "failed";
  }
  return "unknown";
}

std::string to_string(const link_state& state) {
  std::string text{name(state.phase)};
  if (state.phase == link_phase::down)
    text += because(state) + ", retry in " + in_seconds(state.retry_in);
  else if (state.phase == link_phase::failed)
    text += because(state);
  return text;
}

// Both hand over one finished string, so the stream's width applies to all of it and its flags to
// none.
std::ostream& operator<<(std::ostream& out, const link_state& state) {
  return out << to_string(state);
}

std::ostream& operator<<(std::ostream& out, const receipt& confirmed) {
  return out << confirmed.room + " has publish " + std::to_string(confirmed.number) +
                    " at offset " + std::to_string(confirmed.offset);
}

}  // namespace byssus
