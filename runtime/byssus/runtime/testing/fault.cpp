#include "byssus/runtime/testing/fault.hpp"

#include <numeric>

namespace byssus::testing {

std::string_view name(fault kind) noexcept {
  switch (kind) {
    case fault::cut:
      return "cut";
    case fault::reset:
      return "reset";
    case fault::silence:
      return "silence";
    case fault::half_silence:
      return "half_silence";
    case fault::half_close:
      return "half_close";
    case fault::refuse:
      return "refuse";
    case fault::mute:
      return "mute";
    case fault::unreachable:
      return "unreachable";
    case fault::partition:
      return "partition";
    case fault::spike:
      return "spike";
    case fault::kill:
      return "kill";
    case fault::power_off:
      return "power_off";
    case fault::stop:
      return "stop";
    case fault::resolve_failure:
      return "resolve_failure";
    case fault::resolve_hang:
      return "resolve_hang";
  }
  return "unknown";
}

std::size_t fault_counts::total() const noexcept {
  return std::accumulate(counts_.begin(), counts_.end(), std::size_t{0});
}

fault_counts& fault_counts::operator+=(const fault_counts& other) noexcept {
  for (std::size_t i = 0; i < fault_kinds; ++i)
    counts_[i] += other.counts_[i];
  return *this;
}

std::string to_string(const fault_counts& counts) {
  std::string text;
  for (std::size_t i = 0; i < fault_kinds; ++i) {
    const auto kind = static_cast<fault>(i);
    if (counts.of(kind) == 0)
      continue;
    text.append(text.empty() ? "" : ", ").append(name(kind)).append(1, ' ');
    text.append(std::to_string(counts.of(kind)));
  }
  return text.empty() ? "none" : text;
}

}  // namespace byssus::testing
