#pragma once

#include "byssus/actors/links/endpoint.hpp"
#include "byssus/actors/links/heartbeat.hpp"
#include "byssus/actors/ports/dialer.hpp"
#include "byssus/actors/supervision/backoff.hpp"
#include "byssus/protocol/handshake.hpp"

#include <caf/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace byssus {

/// How a link talks.
///
/// *Framed*: with a Byssus node, in the frames of `protocol/`: rooms, receipts, acknowledgements.
///
/// *Plain*: with any server that answers `ping` by `pong` in a stream of text, as a node does for
/// those who do not greet it. The link is up as soon as its socket is connected. What the server
/// says comes as messages without room, sender and offset, one for each read, since the stream
/// marks no borders. A server that answers no ping is dead after `heartbeat.misses` of them. Round
/// trips must be shorter than `heartbeat.interval`: a pong does not say which ping it answers, and
/// one that comes later may be taken for text.
enum class link_mode : std::uint8_t { framed, plain };

/// What a link is to be.
struct link_config {
  /// Where its nodes are; at least one. Tried in an order of the link's own.
  std::vector<endpoint> endpoints;

  /// With a node, or in plain mode with any server.
  link_mode mode = link_mode::framed;

  /// How others see this client: 1 to 255 bytes of UTF-8 without controls, or empty for a name of
  /// the node's choice. A plain link has none.
  std::string name;

  /// What is asked for; the node decides on the interval. In plain mode nobody else does.
  heartbeat_config heartbeat;

  /// Plain mode: pings end with LF. For an app that says lines: `ping` alone would run together
  /// with the line behind it.
  bool ping_lines = false;

  /// When a lost connection is tried again.
  backoff_policy retry;

  /// How long resolving and connecting may take, each.
  dial_deadlines dial;

  /// From the connected socket to the node's welcome. > 0.
  duration handshake_deadline = std::chrono::seconds{5};

  /// From our close frame to the end of the socket. > 0.
  duration closing_deadline = std::chrono::seconds{2};

  /// What the node may have in flight to us: sent, and not handled by the app yet. 1 to 1,000,000
  /// frames, and 1,024 bytes to 1 GiB. It is the node's to keep to on each connection anew; with
  /// what the app still has of former ones, twice as much is the most. In plain mode, where each
  /// read is a frame and the server knows of no window, it bounds what the app has of all
  /// connections together. Whatever passes these bounds ends the connection
  /// (`errc::receive_overflow`), but for one read or message while the app has nothing else.
  protocol::window window;

  /// What may wait for the node, in bytes, before requests fail with `errc::window_full`, or
  /// in plain mode `errc::send_overflow`. At least one frame.
  std::size_t most_waiting_bytes = 960 * 1024;
};

/// Returns `errc::invalid_config` with the field and its range, or no error.
caf::error validate(const link_config& config);

}  // namespace byssus
