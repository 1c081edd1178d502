#pragma once

#include "byssus/actors/links/episode.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace byssus {

/// What a node has a limited number of.
enum class place_kind : std::uint8_t {
  socket,    ///< all that is connected to the node
  stranger,  ///< of these, those at a door
  listener,  ///< of these, plain clients that have never said a word
};

/// What a whole node, its gate and all its doors, judges newcomers by: the places of each kind that
/// are taken, the sockets that have none yet or need none, and whether the log knows already that
/// the doors are full. Shared by its parts, on any thread.
struct node_census {
  std::array<std::atomic<std::size_t>, 3> taken{};  ///< places, by `place_kind`
  std::atomic<std::size_t> arriving{0};  ///< sockets that were accepted and are not at a door yet
  /// Of the sockets, those that are here to be told that there is no place; they fill none.
  std::atomic<std::size_t> turned_away{0};
  episode door_full;  ///< strangers are turned away: too many are at the doors

  /// Of `taken`.
  std::atomic<std::size_t>& of(place_kind kind) noexcept {
    return taken[static_cast<std::size_t>(kind)];
  }
};

}  // namespace byssus
