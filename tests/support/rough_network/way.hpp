#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <queue>
#include <random>
#include <vector>

/// \file
/// One way of a rough network, without socket, device or clock: packets in, packets out, later or
/// never.

namespace byssus::tests {

/// What a way does to its packets.
struct weather {
  double loss = 0;                     ///< how likely a packet is lost: 0 to 1
  std::chrono::nanoseconds delay{0};   ///< how long a packet travels
  std::chrono::nanoseconds jitter{0};  ///< up to so much more or less, evenly spread; <= delay
  bool reorders = false;  ///< jitter lets packets overtake each other; else a late one holds up
                          ///< those behind it, as in a router's queue
  bool cut = false;       ///< nothing arrives, not even what is already on its way
};

/// Reads words as in `loss 0.05 delay 100 jitter 50 cut on`, times in milliseconds, into `now`.
/// Returns false at a word it does not know or a value that cannot be; `now` is then as it was.
bool read_weather(std::istream& words, weather& now);

/// One way. The fate of its n-th packet follows from the seed, n, and the weather when it comes:
/// that the weather changed before it changes nothing.
class way {
public:
  using instant = std::chrono::steady_clock::time_point;
  using packet = std::vector<std::byte>;

  /// What has become of all packets that came.
  struct counts {
    std::uint64_t came = 0;
    std::uint64_t lost = 0;        ///< by `loss`
    std::uint64_t cut = 0;         ///< by `cut`
    std::uint64_t overflowed = 0;  ///< came when `most_packets` were under way
    std::uint64_t arrived = 0;
  };

  static constexpr std::size_t most_packets = 10'000;

  explicit way(std::uint64_t seed) : random_(seed) {}

  void set(const weather& now) noexcept { weather_ = now; }
  const weather& conditions() const noexcept { return weather_; }

  /// A packet sets out.
  void take(packet bytes, instant now);

  /// When `next` is to be called; nothing while nothing is under way.
  std::optional<instant> due() const;

  /// The next packet that has arrived by `now`, if there is one.
  std::optional<packet> next(instant now);

  const counts& counted() const noexcept { return counts_; }

private:
  struct traveller {
    instant arrives;
    std::uint64_t number;
    packet bytes;

    bool operator<(const traveller& other) const {  // the first to arrive is the largest
      return std::pair{other.arrives, other.number} < std::pair{arrives, number};
    }
  };

  /// From 0 to 1, 1 excluded; the same with every standard library.
  double draw() { return static_cast<double>(random_() >> 11U) * 0x1p-53; }

  std::mt19937_64 random_;
  weather weather_;
  counts counts_;
  instant last_arrival_{};
  std::priority_queue<traveller> under_way_;
};

}  // namespace byssus::tests
