#pragma once

#include "byssus/actors/errc.hpp"

#include <stdexcept>
#include <string>

namespace byssus {

/// A node or link cannot be made as its config says. `what()` is one line for the user: what is
/// wrong, where, and what to do.
class startup_error : public std::runtime_error {
public:
  /// `line` is one line for the user, without a line end.
  startup_error(errc reason, const std::string& line) : std::runtime_error(line), reason_(reason) {}

  /// What is wrong, for programs.
  errc reason() const noexcept { return reason_; }

private:
  errc reason_;
};

}  // namespace byssus
