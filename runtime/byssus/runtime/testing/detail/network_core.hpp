#pragma once

#include "byssus/runtime/testing/detail/connection.hpp"
#include "byssus/runtime/testing/detail/world.hpp"
#include "byssus/runtime/testing/fault.hpp"
#include "byssus/runtime/testing/link_quality.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byssus::testing::detail {

class simulated_acceptor;

/// A host as the network sees it.
struct machine {
  enum class attempts : std::uint8_t { accepted, refused, muted, unreachable };

  std::string name;
  bool powered = true;
  attempts on_attempt = attempts::accepted;
  name_answer resolves;
  std::map<std::uint16_t, simulated_acceptor*> ports;
  std::uint16_t next_port = first_ephemeral_port;
  std::size_t attempts_seen = 0;

  static constexpr std::uint16_t first_ephemeral_port = 49152;

  /// A port that nobody listens on.
  std::uint16_t ephemeral_port();
};

/// The state of the simulated network. Faults in it are for `simulated_network` and the hosts.
class network_core {
public:
  network_core(world& in, transport_limits limits) : world_(&in), limits_(limits) {}

  world& in() const noexcept { return *world_; }
  const transport_limits& limits() const noexcept { return limits_; }

  machine& at(std::string_view name);
  machine* find(std::string_view name) noexcept;

  /// Whom a process on `from` means by `host`: itself by `localhost` and its kind. Null if nobody
  /// is called so.
  machine* meant(machine& from, std::string_view host);

  void shape(machine& from, machine& to, const link_quality& quality) {
    shapes_[{&from, &to}] = quality;
  }
  void shape_all(const link_quality& quality) { usual_ = quality; }
  const link_quality& quality(const machine& from, const machine& to) const;
  void spike(machine& a, machine& b, duration extra);

  /// How long one segment is on its way, jitter included.
  duration travel(const machine& from, const machine& to);

  /// Claims that nothing can pass.
  bool blocked(const machine& from, const machine& to) const;
  void partition(machine& a, machine& b) { partitions_.insert(std::minmax(&a, &b)); }
  void rejoin(machine& a, machine& b);
  void rejoin_all();

  /// Returns 1 to `size`: where a read, a write or a segment ends.
  std::size_t cut(const machine& from, const machine& to, std::size_t size);

  /// Makes a connection; nobody holds its ends yet.
  std::shared_ptr<connection> join(machine& from, machine& to, std::uint16_t port);
  /// Both ends are closed.
  void forget(const connection& wire) noexcept;

  /// Connections between the two with both ends open; of all hosts where null.
  std::vector<std::shared_ptr<connection>> between(const machine* a, const machine* b) const;
  const std::vector<std::shared_ptr<connection>>& connections() const noexcept {
    return connections_;
  }
  /// Which end of `wire` is on `where`; the dialing one if both are.
  static side side_at(const connection& wire, const machine& where) noexcept;

  void process_died(machine& where, last_words words);
  void power_on(machine& where);
  void heal_host(machine& where);
  void heal();

  void count(fault kind, const machine& where);
  const fault_counts& faults() const noexcept { return faults_; }

private:
  using direction = std::pair<const machine*, const machine*>;

  void send_again();

  world* world_;
  transport_limits limits_;
  std::map<std::string, std::unique_ptr<machine>, std::less<>> machines_;
  link_quality usual_;
  std::map<direction, link_quality> shapes_;
  std::map<direction, duration> spikes_;
  std::set<std::pair<const machine*, const machine*>> partitions_;
  std::vector<std::shared_ptr<connection>> connections_;
  std::uint64_t joined_ = 0;
  fault_counts faults_;
};

}  // namespace byssus::testing::detail
