#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// \file
/// Time as a port: an instant, a timer that lives in its user's state, and the queue that a reactor
/// provides.

namespace byssus {

/// A span of time, everywhere but in protocol/.
using duration = std::chrono::nanoseconds;

/// A point of a reactor's monotonic time. Only a reactor makes one; nothing in actors/ reads a
/// clock.
using instant = std::chrono::time_point<std::chrono::steady_clock, duration>;

class timer;

/// Is told of an expired timer, on the reactor's thread, never from inside a call to `timer`.
class timer_listener {
public:
  /// Called once per `start`. May restart, stop or destroy `expired` and anything else.
  virtual void on_timer(timer& expired) = 0;

protected:
  ~timer_listener() = default;
};

/// The timers of one reactor. Implemented by reactors; used through `timer` alone, on the reactor's
/// thread.
class timer_queue {
public:
  virtual ~timer_queue() = default;

  /// The reactor's present. Never goes backwards.
  virtual instant now() const noexcept = 0;

  /// How many timers are running, for tests and statistics.
  virtual std::size_t running() const noexcept = 0;

private:
  friend class timer;

  /// Takes up `added`, whose deadline is set. Does not allocate on the path of an established
  /// connection.
  virtual void add(timer& added) = 0;

  /// Forgets `removed`, which is running.
  virtual void remove(timer& removed) noexcept = 0;

protected:
  /// Marks `expired` as stopped and tells its listener. The queue has unlinked it already.
  static void fire(timer& expired);
};

/// One deadline. A member of the state that it wakes; stops when destroyed. Neither copied nor
/// moved, since the queue links the object itself. Fires at its deadline or later, never earlier.
class timer {
public:
  /// Both `queue` and `listener` outlive the timer. Allocates nothing, starts nothing.
  timer(timer_queue& queue, timer_listener& listener) noexcept
      : queue_(&queue), listener_(&listener) {}

  ~timer() { stop(); }

  timer(const timer&) = delete;
  timer& operator=(const timer&) = delete;

  /// Fires once after `delay` (negative counts as zero). A running timer is restarted.
  void start(duration delay) {
    start_at(queue_->now() + (delay < duration{0} ? duration{0} : delay));
  }

  /// Fires once at `deadline`. A running timer is restarted.
  void start_at(instant deadline) {
    stop();
    deadline_ = deadline;
    running_ = true;
    queue_->add(*this);
  }

  /// Does nothing when the timer is not running.
  void stop() noexcept {
    if (!running_)
      return;
    running_ = false;
    queue_->remove(*this);
  }

  /// Claims that it was started, and has neither fired nor been stopped.
  bool running() const noexcept { return running_; }

  /// When the timer was last asked to fire; stays readable after it has fired, to tell how late it
  /// was.
  instant deadline() const noexcept { return deadline_; }

  /// Room for the queue's own links and order; nobody else touches it.
  struct queue_links {
    timer* next = nullptr;      ///< in a list of the queue's choice
    timer* previous = nullptr;  ///< likewise
    std::uint64_t tag = 0;      ///< where in the queue it stands
  };
  queue_links links;  ///< the queue's

private:
  friend class timer_queue;

  timer_queue* queue_;
  timer_listener* listener_;
  instant deadline_{};
  bool running_ = false;
};

inline void timer_queue::fire(timer& expired) {
  expired.running_ = false;
  expired.listener_->on_timer(expired);
}

}  // namespace byssus
