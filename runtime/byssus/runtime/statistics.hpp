#pragma once

#include "byssus/actors/links/node_part.hpp"

#include <cstddef>
#include <string>

namespace byssus {

/// What a node has taken in, and what is alive, at one moment.
struct statistics {
  /// Of the node's door and connections, over all of its reactors.
  node_counts door;
  /// Timers that run on the node's reactors.
  std::size_t timers = 0;

  // Of the whole process, whatever the number of its nodes.

  std::size_t actors = 0;          ///< pinned ones: connections, heartbeats, rooms, …
  std::size_t frames = 0;          ///< encoded and shared, each counted once
  std::size_t descriptors = 0;     ///< open ones
  std::size_t resident_bytes = 0;  ///< memory of the process, as the kernel counts it
};

/// Completes `counted` by what holds for the process: reads /proc, which takes 0.1 ms, and some
/// milliseconds where the kernel (before 6.2) makes it list all descriptors. Zero what the system
/// does not tell.
statistics with_process(statistics counted);

/// One line of `key=value` pairs, in this order: `stats sockets=2 strangers=0 listeners=0 timers=5
/// actors=7 frames=1 descriptors=19 resident_bytes=9437184 accepted=12 admitted=9 plain=1
/// refused=2`. What is alive comes first; from `accepted` on it is counted since the start. Later
/// versions add keys at the end.
std::string to_text(const statistics& counted);

}  // namespace byssus
