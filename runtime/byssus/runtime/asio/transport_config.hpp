#pragma once

#include "byssus/actors/ports/timer.hpp"

#include <chrono>
#include <cstddef>

namespace byssus {

/// How a TCP transport behaves. The same for all sockets of one `reactor_pool`.
struct transport_config {
  /// `send` refuses what would take the unsent bytes past this. > 0. The urgent lane may exceed it
  /// by a quarter, so that a ping still finds room behind a full bulk lane.
  std::size_t most_unsent_bytes = 1024 * 1024;

  /// Falling to this tells `on_drained`. Less than `most_unsent_bytes`.
  std::size_t low_water_bytes = 256 * 1024;

  /// TCP_NOTSENT_LOWAT: bytes that the kernel takes beyond what is on its way. A ping waits behind
  /// these. > 0.
  std::size_t kernel_unsent_bytes = 16 * 1024;

  /// TCP_USER_TIMEOUT: how long sent data may stay unacknowledged. To be the reap time + 10 s,
  /// since it also counts the time in which the peer does not read. Zero leaves it to the system.
  duration user_timeout = std::chrono::seconds{28};

  /// Silence before the kernel's keepalive probes begin, for plain clients that never ping. Whole
  /// seconds. Zero turns it off.
  duration keepalive_idle = std::chrono::seconds{60};
};

}  // namespace byssus
