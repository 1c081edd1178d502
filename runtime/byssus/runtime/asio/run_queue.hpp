#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace byssus::detail {

/// What waits for its turn on one reactor, first come, first served. One thread. Keeps its memory,
/// so that in the long run queueing allocates nothing.
template <class Job>
class run_queue {
public:
  run_queue() = default;
  run_queue(const run_queue&) = delete;
  run_queue& operator=(const run_queue&) = delete;

  bool empty() const noexcept { return next_ == jobs_.size(); }

  void push(Job job) { jobs_.push_back(std::move(job)); }

  /// @pre Not `empty`.
  Job pop() noexcept {
    Job job = std::exchange(jobs_[next_++], nullptr);
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
  std::vector<Job>& tail() noexcept { return jobs_; }

private:
  static constexpr std::size_t most_gaps = 1024;

  std::vector<Job> jobs_;
  std::size_t next_ = 0;
};

}  // namespace byssus::detail
