#pragma once

#include "byssus/actors/links/endpoint.hpp"
#include "byssus/actors/ports/journal.hpp"
#include "byssus/actors/ports/timer.hpp"

#include <cstddef>
#include <optional>
#include <string>

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

  /// Connections at a time, strangers included, 1 to 1,000,000; one more is closed with
  /// `overloaded`. 0: as many as this process has descriptors for, which is also the most that any
  /// other number comes to. `--most-connections N`
  std::size_t most_connections = 0;

  /// Of these, connections of one address (of IPv6: of one /64), 1 to 1,000,000; one more is closed
  /// with `overloaded`. 0: any number, since many may share an address, behind a proxy for
  /// instance.
  /// `--most-per-address N`
  std::size_t most_per_address = 0;

  /// Of these, plain clients that have never said a word, up to 1,000,000; one more is closed with
  /// `overloaded`. `--most-listeners N`
  std::size_t most_listeners = 1024;

  /// Connections that are accepted in a second, 1 to 1,000,000, of which a tenth may come at once;
  /// the others wait in the kernel's backlog. 0: any number. `--accept-rate N`
  std::size_t accept_rate = 10'000;

  /// From a stranger's first byte to the end of his hello, 100 ms to 10 min; then he is closed with
  /// `hello_timeout`. `--hello-deadline 5s`
  duration hello_deadline = std::chrono::seconds{5};

  /// Bytes of a hello, its header included, 64 to 16,384; a longer one is closed with
  /// `frame_too_large`. `--most-hello-bytes N`
  std::size_t most_hello_bytes = 16'384;

  /// How often the node writes its statistics to the log, as one line of severity info, whatever
  /// `log_level` is; see `to_text(const statistics&)`. From 100 ms to 24 h; zero: never. `--stats
  /// 10s`
  duration stats = duration{0};

  /// Reads the flags above, else the environment (`BYSSUS_LISTEN`, `BYSSUS_REACTORS`, …), for a
  /// program that has no flags of its own; others use `settings`. Ends the process after `--help`
  /// and `--version`, and after a mistake: with one line on stderr that names the key, and code 2.
  static config from_args(int argc, const char* const* argv);
};

/// Empty if a node can be as `settings` says; or the first field that is out of its range, and that
/// range, as in `hello_deadline: must be from 100ms to 10m`.
std::string validate(const config& settings);

/// As configured, with the zeros replaced by what fits `cores` (0: those of this machine).
config sized(config settings, std::size_t cores = 0);

}  // namespace byssus
