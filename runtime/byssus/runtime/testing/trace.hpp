#pragma once

#include "byssus/actors/ports/timer.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace byssus::testing {

/// All that happened in one simulation, in order, folded into 64 bits (FNV-1a): the same seed gives
/// the same hash, and a run that went another way another one. The lines themselves are kept only
/// if asked for.
class trace {
public:
  /// Keeps lines if `keep`; prints them to stderr as they come if `print`.
  explicit trace(instant origin, bool keep = false, bool print = false) noexcept
      : origin_(origin), keep_(keep), print_(print) {}

  /// Records that `what` happened on `host` at `when`, with two numbers that tell more of it.
  void record(instant when, std::string_view host, std::string_view what, std::uint64_t first = 0,
              std::uint64_t second = 0);

  /// Of all events so far.
  std::uint64_t hash() const noexcept { return hash_; }
  /// How many there were.
  std::uint64_t events() const noexcept { return events_; }

  /// One line an event, as in `12.005000000 node: arrived 42 7`; empty unless kept.
  const std::vector<std::string>& lines() const noexcept { return lines_; }

private:
  void fold(std::string_view text) noexcept;
  void fold(std::uint64_t number) noexcept;
  std::string line(instant when, std::string_view host, std::string_view what, std::uint64_t first,
                   std::uint64_t second) const;

  instant origin_;
  bool keep_;
  bool print_;
  std::uint64_t hash_ = 14695981039346656037ULL;
  std::uint64_t events_ = 0;
  std::vector<std::string> lines_;
};

/// Folds `bytes` into 64 bits (FNV-1a), for a trace that shall see contents.
std::uint64_t fnv1a(std::string_view bytes) noexcept;

}  // namespace byssus::testing
