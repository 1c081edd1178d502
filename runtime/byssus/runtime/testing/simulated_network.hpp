#pragma once

#include "byssus/runtime/testing/fault.hpp"
#include "byssus/runtime/testing/link_quality.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace byssus::testing {

namespace detail {
class network_core;
}

/// What is between the hosts of a simulation, and all that can go wrong there. Owned by the
/// simulation; hosts are named as in `simulation::host`. Called by the test, or by its listeners
/// and actors, at any moment: what a call causes reaches the processes later, by their loops.
///
/// Everything is healthy at first. A fault is counted when it takes place: a `cut` between hosts
/// that have no connection changes nothing and counts nothing.
class simulated_network {
public:
  /// INTERNAL: a `simulation` has one.
  explicit simulated_network(detail::network_core& core) noexcept : core_(&core) {}

  /// From now on segments from `from` to `to` travel so. Connections that exist keep the sizes of
  /// their buffers.
  void shape(std::string_view from, std::string_view to, const link_quality& quality);
  /// The same for all directions that `shape` has not named.
  void shape_all(const link_quality& quality);
  /// How segments from `from` to `to` travel now.
  link_quality quality(std::string_view from, std::string_view to) const;

  /// What looking up `host` leads to; counts a failure or a hang as a fault.
  void answer_name(std::string_view host, const name_answer& answer);

  /// Resets all connections between the two; returns how many.
  std::size_t cut(std::string_view a, std::string_view b);
  /// Resets one connection between the two, chosen by the seed; false if there is none.
  bool reset_one(std::string_view a, std::string_view b);
  /// From now on one connection between the two, chosen by the seed, carries nothing either way;
  /// false if there is none.
  bool silence_one(std::string_view a, std::string_view b);
  /// From now on nothing that `from` sends on one of its connections to `to` arrives; false if
  /// there is none.
  bool silence_direction(std::string_view from, std::string_view to);
  /// `to` sees the end (FIN) of one connection with `from`, which learns by a reset when it sends;
  /// false if there is none.
  bool half_close(std::string_view from, std::string_view to);

  /// Until `heal_host`: attempts to connect to `host` are refused, …
  void refuse(std::string_view host);
  /// … or come up and are never accepted, …
  void mute(std::string_view host);
  /// … or are answered by a router that knows no way.
  void unreachable(std::string_view host);
  /// Ends what `refuse`, `mute`, `unreachable` and `answer_name` did to `host`. Who was muted stays
  /// unanswered.
  void heal_host(std::string_view host);

  /// Until `rejoin`, nothing passes between the two. Nobody is told.
  void partition(std::string_view a, std::string_view b);
  /// Ends a partition.
  void rejoin(std::string_view a, std::string_view b);
  /// Adds `extra` to every delay between the two, both ways, until called with 0.
  void spike(std::string_view a, std::string_view b, duration extra);

  /// Ends all faults that last, except that a silent connection stays silent: it is for its ends to
  /// find out.
  void heal();

  /// Ends of connections that processes hold or have yet to accept. A healthy connection counts
  /// two.
  std::size_t open_sockets() const noexcept;
  /// The same for the sockets of one host.
  std::size_t open_sockets(std::string_view host) const;
  /// Connections between the two with both ends open, silent ones included.
  std::size_t connections(std::string_view a, std::string_view b) const;
  /// How many attempts have reached a listening socket of `host` since it first came up.
  std::size_t attempts_seen(std::string_view host) const;

  /// The faults that took place so far, those of hosts (kill, stop) included.
  const fault_counts& faults() const noexcept;

private:
  detail::network_core* core_;
};

}  // namespace byssus::testing
