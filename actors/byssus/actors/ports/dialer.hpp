#pragma once

#include "byssus/actors/links/endpoint.hpp"
#include "byssus/actors/ports/timer.hpp"
#include "byssus/actors/ports/transport.hpp"

#include <memory>
#include <string_view>

/// \file
/// Fresh sockets as a port: resolve, connect, each with its own deadline.

namespace byssus {

/// How long each phase of an attempt may take. Each > 0.
struct dial_deadlines {
  /// From the start to the addresses; a numeric one needs no time.
  duration resolve = std::chrono::seconds{5};
  /// From there to the socket, all addresses of the host together.
  duration connect = std::chrono::seconds{5};
};

/// Is told how a dial ended: exactly one of the two, once, on the reactor's thread, never from
/// inside `dialer::start`. Inside each of these the listener may destroy the dial, and itself.
class dial_listener {
public:
  /// A connected socket, now the listener's. It reads nothing until `attach`.
  virtual void on_dialed(std::unique_ptr<transport> fresh) = 0;

  /// `detail` names the host or the system's own words; valid during the call only.
  virtual void on_dial_failed(errc reason, std::string_view detail) = 0;

protected:
  ~dial_listener() = default;
};

/// One attempt under way. Destroying it gives the attempt up: no call follows, a socket half open
/// is closed.
class dial {
public:
  virtual ~dial() = default;
};

/// Makes sockets. One per reactor, used on its thread. Never blocks, not even while a resolver
/// hangs.
class dialer {
public:
  virtual ~dialer() = default;

  /// Begins an attempt to reach `target`. `listener` outlives the dial that is returned.
  [[nodiscard]] virtual std::unique_ptr<dial> start(const endpoint& target,
                                                    const dial_deadlines& within,
                                                    dial_listener& listener) = 0;
};

}  // namespace byssus
