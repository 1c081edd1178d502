#pragma once

#include "byssus/actors/ports/reactor.hpp"
#include "byssus/runtime/asio/inbox.hpp"
#include "byssus/runtime/asio/loop_use.hpp"
#include "byssus/runtime/asio/output_queue.hpp"
#include "byssus/runtime/asio/ready_set.hpp"
#include "byssus/runtime/asio/run_queue.hpp"
#include "byssus/runtime/asio/system_random.hpp"
#include "byssus/runtime/asio/tcp.hpp"
#include "byssus/runtime/asio/tcp_dialer.hpp"
#include "byssus/runtime/asio/transport_config.hpp"
#include "byssus/runtime/detail/event_flag.hpp"
#include "byssus/runtime/timer_wheel.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/intrusive_ptr.hpp>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <system_error>
#include <vector>

namespace byssus::detail {

class resolver_pool;
class tcp_stream;

/// The timers of a reactor under the system's monotonic clock. `now` reads it each time (20–30 ns,
/// no system call): a cached reading would hide how late the loop is from those who ask just
/// because of that.
class steady_timers final : public timer_wheel {
public:
  steady_timers() : timer_wheel(instant_now()) {}
  instant now() const noexcept override { return instant_now(); }

private:
  static instant instant_now() noexcept { return std::chrono::steady_clock::now(); }
};

/// One thread; an `io_context` for sockets that dial; a `ready_set` for those that carry links,
/// those that listen, and the flag by which other threads wake it. A turn of its loop:
///
///     wait for a socket, a timer's deadline or another thread   (not while anything is queued)
///       └─ while somebody dials: for Asio's sockets as well, and run its handlers
///     tasks that other threads brought, at most 256; timers that are due
///     sockets that are ready, at most 64
///     settle: queued actors ─> turn listeners ─> flush of transports ─> again if these caused more
///
/// So what one turn writes to a transport leaves in one system call. Every stage is bounded in
/// number, so no flood on a socket, of messages or of tasks keeps the others waiting for more than
/// a few milliseconds, unless a single one of them takes as long.
class asio_reactor final : public reactor {
public:
  asio_reactor(caf::actor_system& system, byssus::journal& lines,
               std::shared_ptr<resolver_pool> resolver, const transport_config& transports);
  ~asio_reactor() override;

  timer_queue& timers() noexcept override { return timers_; }
  byssus::dialer& dialer() noexcept override { return dialer_; }
  random_source& random() noexcept override { return random_; }
  byssus::journal& journal() noexcept override { return *journal_; }
  listening listen(const endpoint& where, accept_listener& listener) override;
  std::unique_ptr<transport> adopt(std::unique_ptr<detached_socket> socket) override;
  void post(std::function<void()> task) override;
  void defer(turn_listener& listener) override;
  void forget(turn_listener& listener) noexcept override;
  bool runs_here() const noexcept override;

  /// The body of the reactor's thread: turns until `stop`, and then until nothing is queued.
  void run();

  /// As `reactor_pool::stop`. Any thread.
  void stop() noexcept;

  /// What the ports of this reactor share. Its thread only.
  asio::io_context& loop() noexcept { return loop_; }

  /// Has the reactor wait in Asio as well while the result lives.
  loop_use use_loop() noexcept { return loop_use{loop_uses_}; }
  chunk_pool& chunks() noexcept { return chunks_; }
  std::span<std::byte> read_buffer() noexcept { return read_buffer_; }
  ready_set& sockets() noexcept { return sockets_; }
  const transport_config& transports() const noexcept { return transports_; }

  /// Calls `stream.on_turn_end()` when the present turn ends. The caller asks once per turn and
  /// stream.
  void settle_later(tcp_stream& stream);

private:
  static constexpr std::size_t handlers_per_turn = 64;
  static constexpr std::size_t jobs_per_turn = 128;
  static constexpr std::size_t tasks_per_turn = 256;
  static constexpr int most_rounds = 8;

  void schedule(caf::resumable* job) override;
  void wake() noexcept;
  void bury(caf::resumable* job);

  bool turn();
  void wait();
  void run_loop(std::optional<duration> patience);
  void run_tasks();
  void fire_timers();
  void settle();
  void run_jobs(std::size_t& left);
  void tell_listeners();
  void settle_streams();
  bool unsettled() const noexcept;
  bool idle() const noexcept { return !unsettled() && tasks_.empty(); }
  bool finished();

  byssus::journal* journal_;
  const transport_config transports_;
  steady_timers timers_;
  system_random random_;
  chunk_pool chunks_;
  std::vector<std::byte> read_buffer_;

  inbox inbox_;
  run_queue<caf::resumable*> jobs_;  ///< owns a reference to each
  run_queue<std::function<void()>> tasks_;
  std::vector<turn_listener*> listeners_;
  std::vector<turn_listener*> telling_;
  std::vector<boost::intrusive_ptr<tcp_stream>> streams_;
  std::vector<boost::intrusive_ptr<tcp_stream>> settling_;
  std::atomic<bool> stopping_{false};

  /// Other threads wake this one by it.
  class wake_flag final : public event_flag, private ready_listener {
  public:
    /// Throws `std::system_error` when the system cannot watch it.
    explicit wake_flag(ready_set& sockets) {
      if (!sockets.watch(descriptor(), EPOLLIN, *this))
        throw std::system_error{errno, std::generic_category(), "epoll_ctl"};
    }

  private:
    void on_ready(std::uint32_t) override { lower(); }
  };

  ready_set sockets_;
  wake_flag wake_{sockets_};
  std::size_t loop_uses_ = 0;
  bool waiting_ = false;  ///< Asio waits for `sockets_ready_`

  // After what its handlers refer to: it is destroyed first, and they with it.
  asio::io_context loop_;
  asio::executor_work_guard<loop_executor> keeps_running_;
  asio::posix::basic_stream_descriptor<loop_executor>
      sockets_ready_;  ///< readable when one of them is
  tcp_dialer dialer_;
};

}  // namespace byssus::detail
