#pragma once

#include "byssus/actors/ports/acceptor.hpp"

namespace byssus::detail {

class asio_reactor;

/// Listens on `where`, a numeric address or `localhost`, exclusively: SO_REUSEADDR, so that a
/// restarted node gets its port back at once, but not SO_REUSEPORT.
///
/// Takes at most 64 strangers a turn. When descriptors run out it says so and pauses for 100 ms, in
/// which strangers wait in the kernel's backlog.
listening listen_tcp(asio_reactor& home, const endpoint& where, accept_listener& listener);

}  // namespace byssus::detail
