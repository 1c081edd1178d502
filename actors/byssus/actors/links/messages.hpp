#pragma once

#include "byssus/actors/errc.hpp"
#include "byssus/actors/ports/timer.hpp"

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// What an app and its link say to each other.

namespace byssus {

/// How an opaque payload is meant to be read. The node passes it on unread.
enum class content : std::uint8_t { binary = 0, text = 1, json = 2 };

/// One message of a room, as it reaches a subscriber. On a plain link: what one read brought, with
/// neither room nor sender nor offset.
struct message {
  std::string room;              ///< empty on a plain link
  std::string sender;            ///< empty: the node itself speaks
  std::uint64_t offset = 0;      ///< its place in the room, from 1
  content kind = content::text;  ///< as its publisher said; text on a plain link
  std::string payload;           ///< as it was published, byte for byte

  /// The payload as text, whatever its kind; valid as long as the message.
  std::string_view text() const noexcept { return payload; }
};

/// A node's word that a publish has its place in the room.
struct receipt {
  std::string room;          ///< where it stands
  std::uint64_t number = 0;  ///< the publish's own number, as its publisher counts
  std::uint64_t epoch = 0;   ///< the room's life that `offset` counts in
  std::uint64_t offset = 0;  ///< its place there, from 1
};

/// Who is in a room: how many, and at most 100 of their names, sorted.
struct room_presence {
  std::string room;                ///< the one that was asked about
  std::uint64_t count = 0;         ///< all of them, named here or not
  std::vector<std::string> names;  ///< each once, even if several clients share it
};

/// Where a link stands. *Suspect* is up, with a ping overdue.
enum class link_phase : std::uint8_t { connecting, up, suspect, down, failed };

/// A link's state, told to the app at every change.
struct link_state {
  link_phase phase = link_phase::connecting;  ///< what it is from now on
  errc reason = errc::none;                   ///< why it is down or failed
  std::string detail;         ///< the other side's or the system's words, for people
  duration retry_in{0};       ///< down: when the next attempt starts, from now
  std::uint64_t attempt = 0;  ///< counts the link's connections, from 1
};

/// Messages `from` to `to` of a room, both included, that the node could not deliver, and why.
struct room_gap {
  std::string room;        ///< one that the link has joined
  std::uint64_t from = 0;  ///< the first offset that is missing
  std::uint64_t to = 0;    ///< the last one
  std::string reason;      ///< the node's words, for people
};

/// Messages of one link that arrived together, in order. Answered with `messages_handled` when the
/// app is done.
struct message_batch {
  std::vector<message> messages;  ///< empty if there are only gaps
  std::vector<room_gap> gaps;     ///< what the node could not deliver among them
  std::uint64_t attempt = 0;      ///< the connection that brought them
};

/// The phase as one word, as in `suspect`.
std::string_view name(link_phase phase) noexcept;

/// Writes `up`, `suspect`, `down (reason), retry in 0.4 s`, `failed (reason)` or `connecting`.
std::string to_string(const link_state& state);
/// Writes the line of `to_string`.
std::ostream& operator<<(std::ostream& out, const link_state& state);
/// Writes `ROOM has publish NUMBER at offset OFFSET`.
std::ostream& operator<<(std::ostream& out, const receipt& confirmed);

}  // namespace byssus
