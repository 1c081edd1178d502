#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// \file
/// What can go wrong in a simulation, by name, and how often it did.

namespace byssus::testing {

/// What can happen to a simulated network, its hosts and their sockets.
enum class fault : std::uint8_t {
  /// Every connection between two hosts is reset, and both sides hear of it.
  cut,
  /// One connection is reset, and both sides hear of it.
  reset,
  /// One connection carries nothing any more, for ever, and nobody hears of it (a forgotten NAT
  /// entry).
  silence,
  /// As `silence`, in one direction only.
  half_silence,
  /// One side of one connection seems to end (FIN), though its process did nothing.
  half_close,
  /// A host answers every attempt with a reset.
  refuse,
  /// A host lets connections come up and never looks at them.
  mute,
  /// Attempts to reach a host are reported back as without a route.
  unreachable,
  /// Two hosts hear nothing of each other; after healing, TCP sends again what it had kept.
  partition,
  /// Everything between two hosts takes longer.
  spike,
  /// A process ends as by `kill -9`; its peers are told by the kernel.
  kill,
  /// A machine loses power; its peers are told nothing.
  power_off,
  /// A process stops as by SIGSTOP, while its kernel goes on.
  stop,
  /// A name has no address for a while.
  resolve_failure,
  /// Looking up a name takes for ever.
  resolve_hang,
};

/// How many faults there are in the enumeration above.
inline constexpr std::size_t fault_kinds = 15;

/// Returns the enumerator's own name.
std::string_view name(fault kind) noexcept;

/// What the peers of a killed process notice.
enum class last_words : std::uint8_t {
  /// Its kernel resets every connection.
  reset,
  /// Its kernel ends every connection, as Linux does: FIN, and a reset to whoever still sends.
  end,
  /// Nothing: the machine has lost power. When it is up again it resets connections that it does
  /// not know.
  none,
};

/// How often each fault took place.
class fault_counts {
public:
  /// Counts one more of `kind`.
  void add(fault kind) noexcept { ++counts_[static_cast<std::size_t>(kind)]; }
  /// How many of `kind` there were.
  std::size_t of(fault kind) const noexcept { return counts_[static_cast<std::size_t>(kind)]; }
  /// How many there were in all.
  std::size_t total() const noexcept;

  /// Adds those of `other`, kind by kind.
  fault_counts& operator+=(const fault_counts& other) noexcept;
  friend bool operator==(const fault_counts&, const fault_counts&) = default;

private:
  std::array<std::size_t, fault_kinds> counts_{};
};

/// Writes the kinds that occurred, as in `cut 3, silence 2`.
std::string to_string(const fault_counts& counts);

}  // namespace byssus::testing
