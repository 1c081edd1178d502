#pragma once

#include "byssus/runtime/testing/fault.hpp"
#include "byssus/runtime/testing/link_quality.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace byssus::testing {

/// One fault to come. `victim` is a server for faults of hosts, or the side of the client for those
/// of connections.
struct planned_fault {
  /// Since the schedule began.
  duration at{0};
  fault kind = fault::cut;  ///< what happens
  std::string client;       ///< the host that it happens to, or whose connections it strikes
  std::string server;       ///< the other end of these
  /// The fault strikes the client (as a host, as the sender that is not heard), else the server.
  bool at_client = false;
  /// For faults that last.
  duration length{0};
};

/// Writes one line, as in `+83.201 s kill node for 4.120 s`.
std::string to_string(const planned_fault& planned);

/// What a schedule is made of. The hosts exist, and `runs` was called for those that may be killed.
struct fault_schedule_config {
  /// Hosts that dial.
  std::vector<std::string> clients;
  /// Hosts that listen.
  std::vector<std::string> servers;
  /// Faults begin within this span, and all that last end by its end. At least a second.
  duration span = std::chrono::minutes{20};
  /// How many, exactly. They may strike where there is nothing to break, and are then not counted
  /// as done.
  std::size_t faults = 40;
  /// The longest that a fault may last; most are much shorter.
  duration longest = std::chrono::seconds{60};
  /// How often each kind is drawn, relative to the others; 0 for never. By `fault`'s order.
  std::array<unsigned, fault_kinds> weights{3, 3, 3, 3, 2, 2, 2, 2, 3, 3, 2, 1, 2, 2, 2};
  /// Clients too may be killed, lose power and stop.
  bool strikes_clients = true;
};

/// A plan of faults that follows from a seed alone. `simulation::apply` carries it out.
class fault_schedule {
public:
  /// Draws the whole schedule at once.
  fault_schedule(std::uint64_t seed, const fault_schedule_config& config);

  /// In order of time.
  const std::vector<planned_fault>& faults() const noexcept { return faults_; }
  /// When everything is healed, since the beginning: the end of its span.
  duration healed_at() const noexcept { return healed_at_; }
  /// What it will bring, kind by kind.
  fault_counts planned() const noexcept;
  /// One fault a line.
  std::string to_string() const;

private:
  std::vector<planned_fault> faults_;
  duration healed_at_;
};

}  // namespace byssus::testing
