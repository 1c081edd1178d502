#pragma once

#include "byssus/actors/links/endpoint.hpp"
#include "byssus/actors/ports/journal.hpp"
#include "byssus/actors/ports/timer.hpp"

#include <cstddef>
#include <optional>

namespace byssus {

/// What a node is to be. Every field has a flag and an environment variable: `settings`.
struct config {
  /// Where others reach the node; nothing: it makes links and takes nobody in. Port 0 lets the
  /// system choose one. `--listen HOST:PORT`
  std::optional<endpoint> listen = std::nullopt;

  /// Event-loop threads, 1 to 256. 0: half of the cores for a node that listens, otherwise 1.
  /// `--reactors N`
  std::size_t reactors = 0;

  /// Threads of CAF's scheduler, where callbacks and the app's own actors run, 1 to 256. 0: as many
  /// as there are cores besides the reactors, at least 1. Without effect in an actor system of the
  /// app's own. `--workers N`
  std::size_t workers = 0;

  /// How often a client shall ping at least, 10 ms to 1 h: one that asks for more time gets this.
  /// Shorter ones are granted down to 1 s. Links ask for their own: `link_options`. `--heartbeat
  /// 5s`
  duration heartbeat = std::chrono::seconds{5};

  /// The least severe lines that are logged. `--log-level info`
  severity log_level = severity::info;

  /// How often the node writes its statistics to the log, as one line of severity info; see
  /// `to_text(const statistics&)`. From 100 ms to 24 h; zero: never. `--stats 10s`
  duration stats = duration{0};

  /// Reads the flags above, else the environment (`BYSSUS_LISTEN`, `BYSSUS_REACTORS`, …), for a
  /// program that has no flags of its own; others use `settings`. Ends the process after `--help`
  /// and `--version`, and after a mistake: with one line on stderr that names the key, and code 2.
  static config from_args(int argc, const char* const* argv);
};

/// As configured, with the zeros replaced by what fits `cores` (0: those of this machine).
config sized(config settings, std::size_t cores = 0);

}  // namespace byssus
