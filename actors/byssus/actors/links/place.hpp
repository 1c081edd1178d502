#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace byssus {

struct node_part;

/// What a node has a limited number of.
enum class place_kind : std::uint8_t {
  socket,    ///< all that is connected to the node
  stranger,  ///< of these, those at a door
  listener,  ///< of these, plain clients that have never said a word
};

/// How many places of each kind are taken in a whole node. Shared by its parts, on any thread.
struct node_census {
  std::array<std::atomic<std::size_t>, 3> taken{};

  std::atomic<std::size_t>& of(place_kind kind) noexcept {
    return taken[static_cast<std::size_t>(kind)];
  }
};

/// One place that is taken at a node for as long as this lives. Goes with a socket from the door to
/// its connection. On the reactor of its part.
class place {
public:
  /// No place.
  place() noexcept = default;

  /// Takes one, whether or not there are too many; `node_part::is_full` tells that.
  place(std::shared_ptr<node_part> at, place_kind kind) noexcept;

  ~place() { give_back(); }
  place(place&& other) noexcept : at_(std::exchange(other.at_, nullptr)), kind_(other.kind_) {}
  place& operator=(place&& other) noexcept;

  /// Does nothing when there is none.
  void give_back() noexcept;

private:
  std::shared_ptr<node_part> at_;
  place_kind kind_ = place_kind::socket;
};

}  // namespace byssus
