#include "byssus/runtime/detail/speech_queue.hpp"

#include <utility>

namespace byssus::detail {

namespace {

std::size_t size_of(const speech& each) noexcept {
  return each.room.size() + each.payload.size();
}

}  // namespace

speech_queue::outcome speech_queue::put(speech said) {
  const std::lock_guard guard{mutex_};
  if (bytes_ + size_of(said) > most_bytes || waiting_.size() == most_speeches)
    return outcome::full;
  bytes_ += size_of(said);
  waiting_.push_back(std::move(said));
  return std::exchange(taking_, true) ? outcome::queued : outcome::begins;
}

std::vector<speech> speech_queue::take() {
  const std::lock_guard guard{mutex_};
  std::vector<speech> turn;
  std::size_t bytes = 0;
  while (!waiting_.empty() && (turn.empty() || bytes + size_of(waiting_.front()) <= turn_bytes)) {
    bytes += size_of(waiting_.front());
    turn.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  bytes_ -= bytes;
  taking_ = !turn.empty();
  return turn;
}

void speech_queue::clear() {
  const std::lock_guard guard{mutex_};
  waiting_.clear();
  bytes_ = 0;
  taking_ = false;
}

}  // namespace byssus::detail
