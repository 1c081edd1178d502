#pragma once

#include <cstddef>

namespace byssus::fuzz {

/// A place that a target has to come to while its corpus is replayed, lest inputs that are all
/// refused at their first byte look like promises kept. Each one exists from the program's start to
/// its end.
class reach {
public:
  /// `what` was accepted or checked, as in `a sound hello`.
  explicit reach(const char* what) noexcept : what_(what), next_(newest) { newest = this; }
  reach(const reach&) = delete;
  reach& operator=(const reach&) = delete;

  /// Counts, unless the input is not `there`.
  void count(bool there = true) noexcept { times_ += there ? 1 : 0; }

  const char* what() const noexcept { return what_; }
  std::size_t times() const noexcept { return times_; }

  /// All of this program are one list, the last to be made first.
  static const reach* first() noexcept { return newest; }
  const reach* next() const noexcept { return next_; }

private:
  inline static reach* newest = nullptr;
  const char* what_;
  reach* next_;
  std::size_t times_ = 0;
};

}  // namespace byssus::fuzz
