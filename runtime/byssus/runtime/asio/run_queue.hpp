#pragma once

#include <caf/resumable.hpp>

#include <cstddef>
#include <vector>

namespace byssus::detail {

/// The actors that wait for their turn on one reactor, first come, first served. Owns a reference
/// to each. One thread. Keeps its memory, so that in the long run queueing allocates nothing.
class run_queue {
public:
  run_queue() = default;
  run_queue(const run_queue&) = delete;
  run_queue& operator=(const run_queue&) = delete;

  bool empty() const noexcept { return next_ == jobs_.size(); }

  void push(caf::resumable* job) { jobs_.push_back(job); }

  /// @pre Not `empty`. The reference is the caller's now.
  caf::resumable* pop() noexcept {
    auto* job = jobs_[next_++];
    if (next_ == jobs_.size()) {
      jobs_.clear();
      next_ = 0;
    } else if (next_ >= most_gaps && next_ * 2 >= jobs_.size()) {
      jobs_.erase(jobs_.begin(), jobs_.begin() + static_cast<std::ptrdiff_t>(next_));
      next_ = 0;
    }
    return job;
  }

  /// For who appends many.
  std::vector<caf::resumable*>& tail() noexcept { return jobs_; }

private:
  static constexpr std::size_t most_gaps = 1024;

  std::vector<caf::resumable*> jobs_;
  std::size_t next_ = 0;
};

}  // namespace byssus::detail
