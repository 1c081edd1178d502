#include "byssus/protocol/control.hpp"
#include "byssus/protocol/payload.hpp"

#include "child.hpp"
#include "commands.hpp"
#include <cstdio>
#include <iostream>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <unistd.h>
#include <vector>

/// \file
/// The load of `idle`, in a process of its own: connections that ping every five seconds and do
/// nothing else. Each line of stdin is how many there shall be.

namespace byssus::bench {

namespace {

constexpr double heartbeat_seconds = 5;

/// Connections that may be on their way into the node at once.
constexpr std::size_t most_on_their_way = 200;

class idle_load {
public:
  explicit idle_load(const idle_load_settings& settings)
      : settings_(settings), poller_(epoll_create1(EPOLL_CLOEXEC)) {}
  ~idle_load() { close(poller_); }
  idle_load(const idle_load&) = delete;
  idle_load& operator=(const idle_load&) = delete;

  /// Makes or closes connections until there are `count`, all in the room.
  void become(std::size_t count) {
    while (idle_.size() > count) {
      idle_.pop_back();
      --settled_;
    }
    pinged_ = std::min(pinged_, idle_.size());
    while (settled_ < count) {
      while (idle_.size() < count && idle_.size() - settled_ < most_on_their_way)
        open();
      turn(100);
    }
  }

  /// Serves for a moment.
  void turn(int milliseconds) {
    epoll_event events[128];
    const int count = epoll_wait(poller_, events, 128, milliseconds);
    for (int i = 0; i < count; ++i) {
      if (events[i].data.u64 < idle_.size())
        serve(idle_[events[i].data.u64]);
    }
    keep_alive();
  }

private:
  void open() {
    idle_.emplace_back(settings_.port, settings_.speaks, idle_.size());
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.u64 = idle_.size() - 1;
    if (epoll_ctl(poller_, EPOLL_CTL_ADD, idle_.back().socket(), &wanted) != 0)
      throw std::runtime_error{"epoll_ctl failed"};
    if (settings_.speaks == tongue::plain)
      idle_.back().send(protocol::as_bytes("ping\n"));
  }

  void serve(peer& one) {
    if (settings_.speaks == tongue::plain) {
      // The first pong says that it is in.
      if (!one.read(room_).empty() && settled_ < idle_.size())
        ++settled_;
      return;
    }
    one.read(room_, [&](const protocol::frame_view& frame) {
      if (frame.type == protocol::frame_type::welcome)
        one.send(protocol::encode_subscribe({"hall", {}}).bytes());
      else if (frame.type == protocol::frame_type::subscribed)
        ++settled_;
    });
  }

  /// Spreads the pings of all evenly over the interval.
  void keep_alive() {
    const auto now = seconds_now();
    if (last_ == 0 || settled_ < idle_.size()) {
      last_ = now;
      return;
    }
    owed_ += (now - last_) / heartbeat_seconds * static_cast<double>(idle_.size());
    last_ = now;
    for (; owed_ >= 1 && !idle_.empty(); --owed_) {
      auto& next = idle_[pinged_++ % idle_.size()];
      if (settings_.speaks == tongue::plain)
        next.send(protocol::as_bytes("ping\n"));
      else
        next.send(protocol::encode_ping({++nonce_, 1}).bytes());
    }
  }

  idle_load_settings settings_;
  int poller_;
  std::vector<peer> idle_;
  std::size_t settled_ = 0;
  std::size_t pinged_ = 0;
  std::uint64_t nonce_ = 0;
  double last_ = 0;
  double owed_ = 0;
  std::vector<std::byte> room_ = std::vector<std::byte>(65536);
};

/// Claims that a line, or the end, waits at stdin.
bool is_told() {
  pollfd watched{STDIN_FILENO, POLLIN, 0};
  return poll(&watched, 1, 0) > 0;
}

}  // namespace

int run_idle_load(const idle_load_settings& settings) {
  idle_load load{settings};
  for (;;) {
    load.turn(20);
    if (!is_told())
      continue;
    std::size_t count = 0;
    if (!(std::cin >> count))
      return 0;
    load.become(count);
    std::printf("ready %zu\n", count);
    std::fflush(stdout);
  }
}

}  // namespace byssus::bench
