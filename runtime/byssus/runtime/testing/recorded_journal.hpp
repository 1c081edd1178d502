#pragma once

#include "byssus/actors/ports/journal.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byssus::testing {

/// One line that was written to a journal.
struct journal_line {
  severity level = severity::info;  ///< as it was written
  std::string text;                 ///< without a line end
};

/// Keeps the log of one simulated host, for tests that assert what it says.
class recorded_journal final : public journal {
public:
  /// Is told of each line as it is written.
  using observer = std::function<void(severity, std::string_view)>;

  /// Lines below `threshold` are not wanted. `seen`, if any, is told of each line that is.
  explicit recorded_journal(severity threshold, observer seen = {})
      : threshold_(threshold), seen_(std::move(seen)) {}

  /// Keeps the line and tells `seen`, if `level` is wanted.
  void write(severity level, std::string_view line) override;
  bool wants(severity level) const noexcept override { return level >= threshold_; }

  /// From now on, lines of `level` and above are wanted.
  void want(severity level) noexcept { threshold_ = level; }

  /// All that was kept, oldest first.
  const std::vector<journal_line>& lines() const noexcept { return lines_; }

  /// How many lines of exactly `level` were written.
  std::size_t count(severity level) const noexcept;

  /// Claims that some line has `part` in it.
  bool says(std::string_view part) const noexcept;

  /// Forgets them.
  void clear() noexcept { lines_.clear(); }

private:
  severity threshold_;
  observer seen_;
  std::vector<journal_line> lines_;
};

}  // namespace byssus::testing
