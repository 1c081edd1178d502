#include "byssus/actors/links/reap_wheel.hpp"

#include <algorithm>

namespace byssus {

void reap_entry::leave() noexcept {
  if (wheel_ == nullptr)
    return;
  *link_ = next_;
  if (next_ != nullptr)
    next_->link_ = link_;
  --wheel_->size_;
  wheel_ = nullptr;
}

reap_wheel::~reap_wheel() {
  for (auto*& bucket : buckets_)
    while (bucket != nullptr)
      bucket->leave();
}

void reap_wheel::enter(reap_entry& entry, duration interval, instant now) noexcept {
  entry.leave();
  if (!started_)
    done_ = tick_of(now);
  started_ = true;
  entry.last_seen_ = now;
  entry.allowance_ = allowance(interval);
  place(entry);
}

void reap_wheel::advance(instant now, const std::function<void(reap_entry&)>& expired) {
  const auto reached = tick_of(now);
  if (!started_)
    done_ = reached;
  started_ = true;
  // After a long pause one round looks into every bucket.
  done_ = std::max(done_, reached - static_cast<std::int64_t>(bucket_count));
  while (done_ < reached)
    empty_bucket(++done_, now, expired);
}

void reap_wheel::empty_bucket(std::int64_t which, instant now,
                              const std::function<void(reap_entry&)>& expired) {
  // Always from the front, since `expired` may destroy any entry; ends, since `place` never chooses
  // this bucket.
  while (auto* entry = bucket(which)) {
    entry->leave();
    if (entry->deadline() <= now)
      expired(*entry);
    else
      place(*entry);
  }
}

/// In the bucket of the first tick at which the deadline has passed, if it is near enough.
void reap_wheel::place(reap_entry& entry) noexcept {
  const auto wanted = tick_of(entry.deadline()) + 1;
  const auto furthest = done_ + static_cast<std::int64_t>(bucket_count) - 1;
  auto*& front = bucket(std::clamp(wanted, done_ + 1, furthest));
  entry.wheel_ = this;
  entry.next_ = front;
  entry.link_ = &front;
  if (front != nullptr)
    front->link_ = &entry.next_;
  front = &entry;
  ++size_;
}

reap_entry*& reap_wheel::bucket(std::int64_t of_tick) noexcept {
  return buckets_[static_cast<std::uint64_t>(of_tick) % bucket_count];
}

std::int64_t reap_wheel::tick_of(instant when) noexcept {
  return std::chrono::floor<std::chrono::seconds>(when.time_since_epoch()) / tick;
}

}  // namespace byssus
