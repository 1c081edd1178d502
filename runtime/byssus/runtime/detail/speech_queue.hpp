#pragma once

#include "byssus/protocol/payload.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace byssus::detail {

/// What a node says in a room by itself.
struct speech {
  std::string room;
  protocol::content_kind kind = protocol::content_kind::text;
  std::string payload;
};

/// Speeches on their way from any thread to the reactor that says them, in the order in which they
/// were put. They are taken little by little, a turn's worth at a time: said all in one turn, a
/// burst would wait for every listener at once, and close those who read as fast as they can.
class speech_queue {
public:
  static constexpr std::size_t most_bytes = std::size_t{16} * 1024 * 1024;
  static constexpr std::size_t most_speeches = 65'536;

  /// As much as a socket gives in a turn.
  static constexpr std::size_t turn_bytes = std::size_t{64} * 1024;

  enum class outcome : std::uint8_t {
    full,    ///< not put: `most_bytes` or `most_speeches` wait
    queued,  ///< whoever takes will see it
    begins,  ///< nobody takes just now: have somebody do it
  };

  /// Any thread.
  outcome put(speech said);

  /// The oldest, at most `turn_bytes` of them, but one at least. None: all is taken, and nobody
  /// needs to come until `put` says so. One thread at a time.
  std::vector<speech> take();

  /// Throws away what waits. As after a `take` of none, until `put` says so nobody needs to come.
  void clear();

private:
  std::mutex mutex_;  ///< guards all below
  std::deque<speech> waiting_;
  std::size_t bytes_ = 0;  ///< that wait
  bool taking_ = false;    ///< somebody comes, and comes again until there is nothing left
};

}  // namespace byssus::detail
