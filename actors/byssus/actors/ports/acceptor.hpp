#pragma once

#include "byssus/actors/links/endpoint.hpp"
#include "byssus/actors/ports/timer.hpp"
#include "byssus/actors/ports/transport.hpp"

#include <memory>
#include <string>

/// \file
/// A listening socket as a port.

namespace byssus {

/// Is told of strangers, on the reactor's thread.
class accept_listener {
public:
  /// A connected socket that belongs to no reactor yet; give it to `reactor::adopt` on the one that
  /// shall read it.
  virtual void on_accepted(std::unique_ptr<detached_socket> stranger) = 0;

  /// Accepting failed and will be tried again by the acceptor after a pause (`out_of_descriptors`
  /// as a rule).
  virtual void on_accept_failed(errc reason) = 0;

protected:
  ~accept_listener() = default;
};

/// A port that is listened on, exclusively. Destroying it stops listening, without another call.
class acceptor {
public:
  virtual ~acceptor() = default;

  /// Where it listens, with the port that the system chose if 0 was asked for.
  virtual endpoint where() const = 0;

  /// Takes nobody for `span` from now on; who comes waits in the kernel's backlog. Callable from
  /// `on_accepted`, and again.
  virtual void pause(duration span) = 0;
};

/// What came of `reactor::listen`: an acceptor, or why not (`address_in_use`, `address_invalid`, …)
/// in words.
struct listening {
  std::unique_ptr<acceptor> socket;  ///< null if it does not listen
  errc reason = errc::none;          ///< `errc::none` if it does
  std::string detail;                ///< the system's words, for people; may be empty
};

}  // namespace byssus
