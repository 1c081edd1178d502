#include "byssus/runtime/asio/asio_reactor.hpp"
#include "byssus/runtime/asio/tcp_stream.hpp"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

/// \file
/// The loop of `asio_reactor`.

namespace byssus::detail {

namespace {

/// The reactor whose thread this is.
thread_local const asio_reactor* current = nullptr;

}  // namespace

bool asio_reactor::runs_here() const noexcept {
  return current == this;
}

void asio_reactor::run() {
  current = this;
  while (turn()) {
  }
  current = nullptr;
}

/// Returns false after the last turn of all.
bool asio_reactor::turn() {
  wait();
  if (inbox_.filled())
    inbox_.take(jobs_.tail(), tasks_.tail());
  run_tasks();
  fire_timers();
  sockets_.tell();
  settle();
  return !finished();
}

void asio_reactor::wait() {
  std::optional<duration> patience;
  if (!idle() || stopping_.load(std::memory_order_relaxed) || !inbox_.fall_asleep())
    patience = duration{0};
  else if (const auto deadline = timers_.next_wakeup())
    patience = std::max(*deadline - timers_.now(), duration{0});
  if (loop_uses_ == 0)
    sockets_.wait(patience);
  else
    run_loop(patience);
  inbox_.wake_up();
}

/// Runs Asio's handlers. It waits for our sockets as for one of its own.
void asio_reactor::run_loop(std::optional<duration> patience) {
  if (!std::exchange(waiting_, true))
    sockets_ready_.async_wait(asio::posix::descriptor_base::wait_read,
                              [this](const error_code&) { waiting_ = false; });
  if (patience)
    loop_.run_one_for(*patience);
  else
    loop_.run_one();
  for (std::size_t more = 0; more < handlers_per_turn && loop_.poll_one() > 0;)
    ++more;
  sockets_.wait(duration{0});
}

void asio_reactor::run_tasks() {
  for (std::size_t left = tasks_per_turn; left > 0 && !tasks_.empty(); --left) {
    const auto task = tasks_.pop();
    try {
      task();
    } catch (const std::exception& failure) {
      journal_->write(severity::error,
                      std::string{"a task on a reactor failed: "} + failure.what());
    }
  }
}

void asio_reactor::fire_timers() {
  if (const auto next = timers_.next_wakeup()) {
    const auto present = timers_.now();
    if (*next <= present)
      timers_.advance(present);
  }
}

/// Runs what the handlers have caused, and what that causes, until nothing is left or it is enough
/// for one turn.
void asio_reactor::settle() {
  std::size_t jobs_left = jobs_per_turn;
  for (int round = 0; round < most_rounds && unsettled(); ++round) {
    run_jobs(jobs_left);
    tell_listeners();
    settle_streams();
  }
}

void asio_reactor::run_jobs(std::size_t& left) {
  for (; left > 0 && !jobs_.empty(); --left)
    reactor::run(jobs_.pop());
}

void asio_reactor::tell_listeners() {
  telling_.swap(listeners_);
  for (auto& next : telling_) {
    if (auto* told = std::exchange(next, nullptr))
      told->on_turn_end();
  }
  telling_.clear();
}

void asio_reactor::settle_streams() {
  settling_.swap(streams_);
  for (const auto& stream : settling_)
    stream->on_turn_end();
  settling_.clear();
}

bool asio_reactor::unsettled() const noexcept {
  return !jobs_.empty() || !listeners_.empty() || !streams_.empty();
}

bool asio_reactor::finished() {
  return stopping_.load(std::memory_order_relaxed) && idle() && inbox_.close();
}

}  // namespace byssus::detail
