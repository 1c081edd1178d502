#pragma once

#include "byssus/actors/links/messages.hpp"
#include "byssus/actors/ports/signals.hpp"
#include "byssus/protocol/close_code.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

/// \file
/// The actors of a link and all that they say. None of these messages leaves the process: what goes
/// between processes is in protocol/.

namespace byssus {

// -- HEARTBEAT
// ---------------------------------------------------------------------------------------------------

/// Tell the HEARTBEAT that the answer to ping `nonce` has come.
struct pong_received {
  std::uint64_t nonce = 0;  ///< as its ping had it
};

/// Tell the HEARTBEAT that the socket has been looked at, and how many bytes it has brought in all
/// its life.
struct socket_polled {
  std::uint64_t bytes_received = 0;  ///< more than at the look before: the peer is not silent
};

/// Ask a HEARTBEAT how its connection does.
struct heartbeat_query {};

/// What a HEARTBEAT thinks of its connection; *suspect*: a pong is overdue.
enum class pulse : std::uint8_t { alive, suspect, dead };

/// What a HEARTBEAT answers to `heartbeat_query`.
struct heartbeat_status {
  pulse state = pulse::alive;  ///< its judgement just now
  std::uint32_t misses = 0;    ///< pings in a row that were not answered in time
  duration round_trip{0};      ///< smoothed (RFC 6298); zero before the first pong
  duration deadline{0};        ///< how long a pong may take just now
};

/// Decides alive → suspect → dead for one connection.
using heartbeat_actor =
    caf::typed_actor<caf::reacts_to<pong_received>, caf::reacts_to<socket_polled>,
                     caf::replies_to<heartbeat_query>::with<heartbeat_status>,
                     caf::reacts_to<timer_signal>>;

// -- CONNECTION
// --------------------------------------------------------------------------------------------------

/// Send a ping ahead of all queued data; its answer goes to `from` as `pong_received`.
struct ping_request {
  std::uint64_t nonce = 0;  ///< the pong will repeat it; at most 2^53 - 1
  heartbeat_actor from;     ///< who asks; answers go to him
};

/// Look at the socket once, then tell `from` by `socket_polled`, after every `pong_received` that
/// was found.
struct poll_request {
  heartbeat_actor from;  ///< who asks; the answer goes to him
};

/// Send what is queued and a close frame, end the socket, and die.
struct close_request {
  protocol::close_code code{};  ///< what the peer is told; from 4500 on it may not come back
  std::string reason;           ///< at most 120 bytes
};

/// A client's connection: opening → handshaking → open → closing; no handshake in plain mode. Owns
/// one socket, for the life of that socket.
using connection_actor =
    caf::typed_actor<caf::reacts_to<ping_request>, caf::reacts_to<poll_request>,
                     caf::reacts_to<close_request>, caf::reacts_to<dial_signal>,
                     caf::reacts_to<transport_signal>, caf::reacts_to<timer_signal>>;

/// A node's connection: made when the door has read a hello (or found plain mode). Never restarted.
/// It has few handlers, since there are many of it.
using accepted_connection_actor =
    caf::typed_actor<caf::reacts_to<close_request>, caf::reacts_to<transport_signal>,
                     caf::reacts_to<timer_signal>>;

// -- RECONNECT SUPERVISOR
// ----------------------------------------------------------------------------------------

/// Tell the SUPERVISOR that connection `attempt` has been welcomed; in plain mode, that its socket
/// is connected.
struct connection_up {
  std::uint64_t attempt = 0;  ///< counts the link's connections, from 1
  duration heartbeat{0};      ///< as the node decided; in plain mode, as the link is configured
};

/// Tell the SUPERVISOR that connection `attempt` has ended, and why. The CONNECTION dies with it.
struct connection_down {
  std::uint64_t attempt = 0;  ///< the connection that is meant; what a past one says is ignored
  errc reason = errc::none;   ///< in the words of this library
  std::string detail;         ///< in those of the node or the system, for people; may be empty
  bool terminal = false;      ///< the node's close code forbids another attempt
  duration return_within{0};  ///< a goaway's window, zero without one
};

/// Tell the SUPERVISOR that a pong is overdue on connection `attempt`.
struct ping_overdue {
  std::uint64_t attempt = 0;  ///< the connection that is meant; what a past one says is ignored
};

/// Tell the SUPERVISOR that connection `attempt`, suspect before, has answered.
struct ping_answered {
  std::uint64_t attempt = 0;  ///< the connection that is meant; what a past one says is ignored
};

/// Tell the SUPERVISOR that connection `attempt` is dead: respawn it.
struct ping_failed {
  std::uint64_t attempt = 0;  ///< the connection that is meant; what a past one says is ignored
  std::uint32_t misses = 0;   ///< in a row; as many as `heartbeat_config` allows
};

/// Publish `payload` in `room`; answered by a `receipt`, or `errc::not_connected` at once while the
/// link is not up.
struct publish_request {
  std::string room;              ///< 1 to 255 bytes of UTF-8 without controls
  content kind = content::text;  ///< how subscribers are to read it; the node does not look
  std::string payload;  ///< longer than the node's welcome allows: `errc::payload_too_large`
};

/// Subscribe to `room`, now and after every reconnection. Answered when the node has confirmed it.
struct join_request {
  std::string room;  ///< 1 to 255 bytes of UTF-8 without controls
};

/// What the node answers to a join: later messages have offsets above `offset`.
struct joined {
  std::string room;          ///< as it was asked for
  std::uint64_t epoch = 0;   ///< the room's life; offsets of different lives cannot be compared
  std::uint64_t offset = 0;  ///< the last message before the join; 0: there was none
};

/// Unsubscribe from `room`.
struct leave_request {
  std::string room;  ///< one that was not joined is ignored
};

/// Ask who is in `room`.
struct presence_request {
  std::string room;  ///< 1 to 255 bytes of UTF-8 without controls; joined or not
};

/// Say `text` to a plain server, as it is; answered at once, by `text_sent` or by an error:
/// `not_connected` while the link is not up, and why it was closed once it is for good;
/// `send_overflow` while more than `link_config::most_waiting_bytes` would wait for the server;
/// `payload_too_large`; on a framed link `wrong_mode`.
struct say_request {
  std::string text;  ///< at most 256 KiB, as a ping may wait behind it; nothing is added to it
};

/// The text is on its way to the server. More a server without receipts cannot promise.
struct text_sent {
  std::uint64_t attempt = 0;  ///< the connection that took it
  std::size_t bytes = 0;      ///< the length of the text
};

/// Tell the SUPERVISOR that the app is done with the oldest batch of connection `attempt`, so that
/// it may be acknowledged.
struct messages_handled {
  std::uint64_t attempt = 0;  ///< as the batch names it
};

/// Close the link for good. The SUPERVISOR says `link_state` failed with `errc::stopped` and dies.
struct stop_request {};

/// Owns a link: its session, its current CONNECTION and HEARTBEAT, and the policy by which it makes
/// fresh ones. A framed link refuses `say_request` with `errc::wrong_mode`, a plain one all that
/// has to do with rooms; but `leave_request`, which has no answer, it ignores.
using reconnect_supervisor_actor = caf::typed_actor<
    caf::reacts_to<connection_up>, caf::reacts_to<connection_down>, caf::reacts_to<ping_overdue>,
    caf::reacts_to<ping_answered>, caf::reacts_to<ping_failed>,
    caf::replies_to<publish_request>::with<receipt>, caf::replies_to<join_request>::with<joined>,
    caf::reacts_to<leave_request>, caf::replies_to<presence_request>::with<room_presence>,
    caf::replies_to<say_request>::with<text_sent>, caf::reacts_to<messages_handled>,
    caf::reacts_to<stop_request>, caf::reacts_to<timer_signal>>;

// -- the app's side
// ----------------------------------------------------------------------------------------------

/// Implemented by an app (or by the façade for it): is told of every state of a link and of its
/// messages. Answers each `message_batch` with `messages_handled` to the SUPERVISOR that sent it.
using link_observer_actor =
    caf::typed_actor<caf::reacts_to<link_state>, caf::reacts_to<message_batch>>;

// -- REAPER
// ------------------------------------------------------------------------------------------------------

/// Ends accepted connections that have been silent for too long. One per reactor, one timer for all
/// of them.
using reaper_actor = caf::typed_actor<caf::reacts_to<timer_signal>>;

}  // namespace byssus

// Messages between actors of one process; what crosses the wire is encoded by protocol/.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::receipt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::room_presence)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::link_state)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::message_batch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::pong_received)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::socket_polled)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::heartbeat_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::heartbeat_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::ping_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::poll_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::close_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::connection_up)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::connection_down)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::ping_overdue)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::ping_answered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::ping_failed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::publish_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::join_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::joined)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::leave_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::presence_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::say_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::text_sent)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::messages_handled)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::stop_request)
