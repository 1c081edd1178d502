#pragma once

#include "byssus/actors/ports/acceptor.hpp"

namespace byssus::detail {

class asio_reactor;

/// Listens on `where`, a numeric address or `localhost`, exclusively: SO_REUSEADDR, so that a
/// restarted node gets its port back at once, but not SO_REUSEPORT. An IPv6 address takes IPv6;
/// `::`, which is every address of the machine, takes IPv4 as well, whatever `net.ipv6.bindv6only`
/// says.
///
/// Takes at most 16 strangers a turn, so that those who are in do not wait for them: while 20,000
/// come, 95 % of chat lines are there within 1.3 to 2.2 ms in three runs (1.0 to 1.2 before they
/// come); with 64 it was 2.7 in the one run there is.
/// When descriptors run out it says so and pauses for 100 ms, in which strangers wait in the
/// kernel's backlog. The other way, to keep a descriptor in reserve and to spend it on
/// accepting and closing each of them, is a race that other threads can win, and no help when it is
/// the system that has none left.
listening listen_tcp(asio_reactor& home, const endpoint& where, accept_listener& listener);

}  // namespace byssus::detail
