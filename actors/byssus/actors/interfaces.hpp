#pragma once

/// \file
/// Who says what to whom: every message and every typed actor, one header per folder. The first
/// file to read.
///
/// A link, on the client:
///
///     app ── publish, join ──▶ RECONNECT SUPERVISOR ── makes ──▶ CONNECTION ── owns ──▶ socket
///      ▲                          │   ▲    ▲  └───── makes ──▶ HEARTBEAT
///      └── link_state, messages ──┘   │    └── ping_failed ──────┘  │ ▲
///                                     └── connection_down ── CONNECTION
///                                                    ping_request ◀─┘ └── pong_received
///
/// On the node, the door admits a stranger and spawns an ACCEPTED CONNECTION on the reactor of its
/// session; the REAPER of that reactor ends the silent ones, and the reactor's ROOM delivers to the
/// rest.

#include "byssus/actors/links/interfaces.hpp"
#include "byssus/actors/rooms/interfaces.hpp"
