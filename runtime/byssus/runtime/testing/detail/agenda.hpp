#pragma once

#include "byssus/actors/ports/timer.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace byssus::testing::detail {

/// What is to happen outside of processes: in kernels, on wires, by the test. In order of time,
/// then of planning.
class agenda {
public:
  void plan(instant when, std::function<void()> event);

  /// When the next event is due, if there is one.
  std::optional<instant> next() const noexcept;

  /// Takes out the next event. @pre There is one.
  std::function<void()> take();

  /// Drops all events, also those that are planned when one of them is dropped.
  void clear();

private:
  struct entry {
    instant when;
    std::uint64_t order;
    std::function<void()> event;
  };

  static bool later(const entry& a, const entry& b) noexcept;

  std::vector<entry> heap_;
  std::uint64_t planned_ = 0;
};

}  // namespace byssus::testing::detail
