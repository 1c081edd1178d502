#pragma once

#include <cstdint>
#include <string_view>

namespace byssus {

enum class severity : std::uint8_t { debug, info, warning, error };

/// Where log lines go. Called on any thread. A line has no secret in it, and no line end.
class journal {
public:
  virtual ~journal() = default;

  /// Writes `line`, which is dropped if `level` is not wanted.
  virtual void write(severity level, std::string_view line) = 0;

  /// Claims that `level` is wanted, so that a line need not be composed in vain.
  virtual bool wants(severity level) const noexcept = 0;
};

}  // namespace byssus
