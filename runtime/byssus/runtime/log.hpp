#pragma once

#include "byssus/actors/ports/journal.hpp"

#include <memory>

namespace byssus {

/// Makes a journal that writes the lines of severity `least` and above to stderr, each with its
/// time and level, as in `2026-11-22 15:40:43.120 warning cannot accept: …`. Controls in a line
/// become spaces, so that nobody forges a second one. Every call makes one of its own; a line is
/// written whole, whichever of them writes it.
std::shared_ptr<journal> stderr_journal(severity least = severity::info);

}  // namespace byssus
