#pragma once

#include "byssus/actors/ports/timer.hpp"
#include "byssus/runtime/asio/tcp.hpp"

#include <cstddef>
#include <optional>
#include <vector>

/// \file
/// Which of a host's addresses is tried when (RFC 8305, Happy Eyeballs). Events in, decisions out;
/// no socket and no clock.
///
/// Section 3 there, the Resolution Delay, has no work here: it says how long an answer with IPv4
/// addresses waits for the one with IPv6 addresses. `getaddrinfo` asks for both families and
/// returns once, with all addresses, in the order of RFC 6724 that section 4 starts from.

namespace byssus::detail {

/// Section 4: the families take turns, beginning with that of the first address, each keeping its
/// own order. The First Address Family Count is 1. So a host whose one family leads nowhere costs
/// one Connection Attempt Delay, however many addresses it has there.
std::vector<tcp::endpoint> interleaved(const std::vector<tcp::endpoint>& sorted);

/// Section 5: when the next attempt begins. Earlier ones go on meanwhile.
class happy_eyeballs {
public:
  /// The Connection Attempt Delay: the next attempt begins so long after the last one.
  static constexpr duration attempt_delay = std::chrono::milliseconds{250};

  /// A failed attempt makes room for the next one at once, but never sooner than this after the
  /// last one began ("MUST NOT be started within 10 milliseconds").
  static constexpr duration least_delay = std::chrono::milliseconds{10};

  /// The first of `addresses` attempts is due at `now`.
  happy_eyeballs(std::size_t addresses, instant now) noexcept : addresses_(addresses), due_(now) {}

  /// When the next attempt is to begin; nothing once all have begun.
  std::optional<instant> due() const noexcept {
    return begun_ < addresses_ ? std::optional{due_} : std::nullopt;
  }

  /// The next attempt begins now: returns its number, counting addresses from 0.
  /// @pre `due()` has come.
  std::size_t begin_next(instant now) noexcept;

  /// One of the attempts that have begun has failed.
  void on_failed(instant now) noexcept;

  /// Claims that every address was tried in vain.
  bool exhausted() const noexcept { return failed_ == addresses_; }

private:
  std::size_t addresses_;
  std::size_t begun_ = 0;
  std::size_t failed_ = 0;
  instant last_begin_{};
  instant due_;
};

}  // namespace byssus::detail
