#include "byssus/runtime/testing/recorded_journal.hpp"

#include <algorithm>

namespace byssus::testing {

void recorded_journal::write(severity level, std::string_view line) {
  if (!wants(level))
    return;
  lines_.push_back({level, std::string{line}});
  if (seen_)
    seen_(level, line);
}

std::size_t recorded_journal::count(severity level) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(lines_.begin(), lines_.end(),
                    [level](const journal_line& each) { return each.level == level; }));
}

bool recorded_journal::says(std::string_view part) const noexcept {
  return std::any_of(lines_.begin(), lines_.end(), [part](const journal_line& each) {
    return each.text.find(part) != std::string::npos;
  });
}

}  // namespace byssus::testing
