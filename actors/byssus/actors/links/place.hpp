#pragma once

#include "byssus/actors/links/node_census.hpp"

#include <memory>
#include <utility>

namespace byssus {

struct node_part;

/// Something that is kept for as long as a socket is connected to the node: its part in a limit
/// that holds for its address. Destroyed on any thread.
class ticket {
public:
  ticket() = default;
  virtual ~ticket() = default;
  ticket(const ticket&) = delete;
  ticket& operator=(const ticket&) = delete;
};

/// One place that is taken at a node for as long as this lives. Goes with a socket from the door to
/// its connection. On the reactor of its part.
class place {
public:
  /// No place.
  place() noexcept = default;

  /// Takes one, whether or not there are too many; `node_part::is_full` tells that.
  place(std::shared_ptr<node_part> at, place_kind kind,
        std::unique_ptr<ticket> kept = nullptr) noexcept;

  ~place() { give_back(); }
  place(place&& other) noexcept
      : at_(std::exchange(other.at_, nullptr)), kept_(std::move(other.kept_)), kind_(other.kind_) {}
  place& operator=(place&& other) noexcept;

  /// Does nothing when there is none.
  void give_back() noexcept;

private:
  std::shared_ptr<node_part> at_;
  std::unique_ptr<ticket> kept_;
  place_kind kind_ = place_kind::socket;
};

}  // namespace byssus
