#pragma once

#include "byssus/actors/links/episode.hpp"
#include "byssus/actors/links/node_census.hpp"
#include "byssus/actors/links/place.hpp"
#include "byssus/actors/links/token_bucket.hpp"
#include "byssus/actors/ports/reactor.hpp"
#include "byssus/runtime/door.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

namespace byssus {

/// How many sockets of each address are connected to a node. 100 bytes for each address, 32 for
/// each socket. On the reactor that accepts; tickets end anywhere.
class address_book {
public:
  /// Writes one more of `origin` down; null if it has `most` already.
  std::unique_ptr<ticket> enter(const std::string& origin, std::size_t most);

  /// Addresses that are remembered, some of which may have nobody connected any more.
  std::size_t size() const noexcept { return pages_.size(); }

private:
  struct page {};
  /// Each ticket shares its page, so that the count needs no lock.
  std::unordered_map<std::string, std::shared_ptr<page>> pages_;
  std::size_t sweep_at_ = 64;

  struct entry;
  void sweep();
};

/// Judges fresh sockets, before a door takes them up: by how many are connected, in all and of
/// their address, and how fast they come. Passive, on the reactor that accepts.
///
///     acceptor ──▶ gate ─┬─ pass ─▶ a door, which lets him in or tells him why not
///        ▲               └─ none ─▶ closed unread: too many are being told already
///        └── rest: nobody is accepted faster than allowed; they wait in the backlog
class gate {
public:
  /// `rules` are valid; `home` outlives the gate.
  gate(reactor& home, const door_rules& rules, std::shared_ptr<node_census> census);

  /// What becomes of a socket that was just accepted. One whose verdict is `dropped` is to be
  /// closed at once. Logs the first of those that are turned away, and is silent about all that
  /// follow.
  gate_pass judge(const detached_socket& newcomer);

  /// How long to accept nobody now; zero: go on.
  duration rest() const noexcept;

  /// Accepting has failed for `reason`; logged if it is the first time for a while.
  void note_failure(errc reason);

  /// Sockets that were closed unread.
  std::uint64_t dropped() const noexcept { return dropped_; }

private:
  bool is_full() const noexcept;
  gate_pass turn_away(verdict why, episode& of, const std::string& line);

  reactor* home_;
  door_rules rules_;
  std::shared_ptr<node_census> census_;
  address_book addresses_;
  token_bucket arrivals_;
  std::uint32_t burst_ = 1;
  duration each_{0};
  std::uint64_t dropped_ = 0;
  episode node_full_;
  episode address_full_;
  episode exhausted_;
};

}  // namespace byssus
