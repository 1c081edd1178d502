#include "byssus/protocol/counters.hpp"

#include <algorithm>
#include <string>

namespace byssus::protocol {

namespace {

/// A ring of this many sizes is kept when nothing is in flight: an echo then allocates nothing, and
/// 64 bytes more fit into the budget of an idle connection.
constexpr std::size_t kept_ring = 16;

}  // namespace

bool counters::may_send(std::size_t bytes) const noexcept {
  return frames_in_flight() == 0 ||
         (frames_in_flight() < theirs_.frames && bytes_in_flight_ + bytes <= theirs_.bytes);
}

std::uint64_t counters::on_sent(std::size_t bytes) {
  in_flight_.push(static_cast<std::uint32_t>(bytes));
  bytes_in_flight_ += bytes;
  return ++sent_;
}

result<std::uint64_t> counters::on_ack(std::uint64_t received) {
  if (received > sent_) {
    return violation{close_code::bad_count, std::to_string(received) + " frames acknowledged, " +
                                                std::to_string(sent_) + " sent"};
  }
  std::uint64_t newly = 0;
  for (; acknowledged_ < received; ++acknowledged_, ++newly) {
    bytes_in_flight_ -= in_flight_.pop();
  }
  return newly;
}

std::optional<violation> counters::on_received(std::size_t bytes) {
  ++received_;
  bytes_untold_ += bytes;
  const auto frames_untold = received_ - told_;
  if (frames_untold > ours_.frames || (frames_untold > 1 && bytes_untold_ > ours_.bytes)) {
    return violation{close_code::window_exceeded, std::to_string(frames_untold) + " frames and " +
                                                      std::to_string(bytes_untold_) +
                                                      " bytes in flight"};
  }
  return std::nullopt;
}

void counters::on_handed(std::uint64_t frames, std::size_t bytes) noexcept {
  handed_ += frames;
  bytes_handed_untold_ += bytes;
}

void counters::on_told() noexcept {
  told_ = handed_;
  bytes_untold_ -= bytes_handed_untold_;
  bytes_handed_untold_ = 0;
}

bool counters::ack_due() const noexcept {
  const auto frames = std::min(ack_after_frames, std::max<std::uint64_t>(ours_.frames / 2, 1));
  const auto bytes = std::min(ack_after_bytes, ours_.bytes / 2);
  return ack_pending() && (handed_ - told_ >= frames || bytes_handed_untold_ >= bytes);
}

void counters::sizes::push(std::uint32_t bytes) {
  if (count_ == ring_.size()) {
    grow();
  }
  ring_[(first_ + count_) & (ring_.size() - 1)] = bytes;
  ++count_;
}

std::uint32_t counters::sizes::pop() noexcept {
  const auto bytes = ring_[first_];
  first_ = static_cast<std::uint32_t>((first_ + 1) & (ring_.size() - 1));
  if (--count_ == 0 && ring_.size() > kept_ring) {
    std::vector<std::uint32_t>{}.swap(ring_);
    first_ = 0;
  }
  return bytes;
}

void counters::sizes::grow() {
  std::rotate(ring_.begin(), ring_.begin() + first_, ring_.end());
  first_ = 0;
  ring_.resize(std::max(kept_ring, 2 * ring_.size()));
}

}  // namespace byssus::protocol
