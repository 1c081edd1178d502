#pragma once

#include "byssus/actors/links/endpoint.hpp"
#include "byssus/actors/ports/random_source.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

/// \file
/// Which of a link's endpoints is tried next.

namespace byssus {

/// The endpoints of one link, in an order of its own, so that a thousand clients with the same list
/// do not all start at the same node. Pure. Stays at an endpoint that works, goes on to the next
/// when one fails, and round again after the last.
class endpoint_pool {
public:
  /// Shuffles `endpoints`, duplicates removed. @pre there is at least one.
  endpoint_pool(std::vector<endpoint> endpoints, random_source& random);

  /// The one to try now, or the one that is in use.
  const endpoint& current() const noexcept { return entries_[at_].where; }

  /// The current one could not be reached, or broke before it was stable: counts that and goes on
  /// to the next.
  void failed() noexcept;

  /// The current one works: its failures in a row are over.
  void succeeded() noexcept { entries_[at_].failures = 0; }

  /// Goes on to the next without blame, as after a goaway.
  void move_on() noexcept { at_ = (at_ + 1) % entries_.size(); }

  /// How often `where` has failed since it last worked; 0 for one that is not here.
  std::uint32_t failures(const endpoint& where) const noexcept;

  /// How many different endpoints there are.
  std::size_t size() const noexcept { return entries_.size(); }

private:
  struct entry {
    endpoint where;
    std::uint32_t failures = 0;
  };

  std::vector<entry> entries_;
  std::size_t at_ = 0;
};

}  // namespace byssus
