#pragma once

#include "byssus/actors/errc.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

/// \file
/// A socket as a port: bytes out through `transport`, bytes and ends in through
/// `transport_listener`.

namespace byssus {

/// Which of a transport's two queues bytes wait in. `urgent` is written first, at the next frame
/// border.
enum class lane : std::uint8_t { bulk, urgent };

/// What a transport tells its owner, on the reactor's thread and never from inside a call made to
/// the transport. Inside each of these the listener may destroy the transport, and itself.
class transport_listener {
public:
  /// `bytes` have arrived. They are valid during the call only.
  virtual void on_bytes(std::span<const std::byte> bytes) = 0;

  /// The peer has ended its direction (FIN). What is sent still goes out. Nothing more arrives.
  virtual void on_ended() = 0;

  /// After `send` took `unsent_bytes` past the low-water mark: it has fallen to it again.
  virtual void on_drained() = 0;

  /// Answers `poll`: all that had arrived when it was called has been delivered by `on_bytes`.
  virtual void on_polled() = 0;

  /// The transport is of no more use: `reason` is `errc::none` after a finished `close`. The last
  /// call of all.
  virtual void on_closed(errc reason) = 0;

protected:
  ~transport_listener() = default;
};

/// A socket that belongs to no reactor, on its way from one to another. Closes it if nobody adopts
/// it.
class detached_socket {
public:
  virtual ~detached_socket() = default;

  /// Who its peer is for limits that hold for each address: an IPv4 address, as in `192.0.2.7`, or
  /// the /64 that an IPv6 address is in, as in `2001:db8::/64`, since one host has all of it.
  virtual std::string origin() const = 0;
};

/// The passive object around one connected socket. Owned by one actor (or the door), used on its
/// reactor's thread. It never stops reading. Destroying it closes the socket at once, without
/// another callback.
class transport {
public:
  virtual ~transport() = default;

  /// Starts reading, and names who is told. Called again, it hands over to another listener.
  virtual void attach(transport_listener& listener) = 0;

  /// Queues a copy of `frames` (whole frames, or whole plain-mode messages) in `which`; writes are
  /// coalesced and leave at the latest when the present turn of the loop ends. Returns false, with
  /// nothing queued, when `unsent_bytes` would pass the transport's bound, or after `close` or
  /// `on_closed`.
  [[nodiscard]] virtual bool send(std::span<const std::byte> frames, lane which) = 0;

  /// Bytes accepted by `send` and not yet by the kernel.
  virtual std::size_t unsent_bytes() const noexcept = 0;

  /// Asks for one look at the socket in the next turn of the loop, answered by `on_polled`.
  virtual void poll() = 0;

  /// Sends what is queued, then ends both directions, then `on_closed`. How long that may take is
  /// the owner's deadline: he destroys the transport when it passes.
  virtual void close() = 0;

  /// Takes the socket out, for `reactor::adopt` elsewhere; only with nothing unsent. The transport
  /// is then as after `on_closed`, without the call. Null if there is no socket any more.
  virtual std::unique_ptr<detached_socket> release() = 0;

  /// The peer's address for logs, as in `127.0.0.1:50312`.
  virtual std::string peer() const = 0;
};

}  // namespace byssus
