#pragma once

#include "byssus/actors/links/endpoint.hpp"
#include "byssus/actors/links/heartbeat.hpp"
#include "byssus/actors/ports/dialer.hpp"
#include "byssus/actors/supervision/backoff.hpp"
#include "byssus/protocol/handshake.hpp"

#include <caf/error.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace byssus {

/// What a link is to be.
struct link_config {
  /// Where its nodes are; at least one. Tried in an order of the link's own.
  std::vector<endpoint> endpoints;

  /// How others see this client: 1 to 255 bytes of UTF-8 without controls, or empty for a name of
  /// the node's choice.
  std::string name;

  /// What is asked for; the node decides on the interval.
  heartbeat_config heartbeat;

  /// When a lost connection is tried again.
  backoff_policy retry;

  /// How long resolving and connecting may take, each.
  dial_deadlines dial;

  /// From the connected socket to the node's welcome. > 0.
  duration handshake_deadline = std::chrono::seconds{5};

  /// From our close frame to the end of the socket. > 0.
  duration closing_deadline = std::chrono::seconds{2};

  /// What the node may have in flight to us: sent, and not handled by the app yet.
  protocol::window window;

  /// What may wait for the node, in bytes, before requests fail with `errc::window_full`. At least
  /// one frame.
  std::size_t most_waiting_bytes = 960 * 1024;
};

/// Returns `errc::invalid_config` with the field and its range, or no error.
caf::error validate(const link_config& config);

}  // namespace byssus
