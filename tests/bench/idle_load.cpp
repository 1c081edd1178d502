#include "byssus/protocol/control.hpp"
#include "byssus/protocol/payload.hpp"
#include "byssus/tests/clock.hpp"

#include "commands.hpp"
#include "pings.hpp"
#include "system_calls.hpp"
#include <cstdio>
#include <iostream>
#include <poll.h>
#include <string>
#include <sys/epoll.h>
#include <unistd.h>
#include <vector>

/// \file
/// The load of `idle`, in a process of its own: connections that ping, each at the node's
/// default heartbeat, and do nothing else. Each line of stdin is how many there shall be.

namespace byssus::bench {

namespace {

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
    while (settled_ < count) {
      while (idle_.size() < count && idle_.size() - settled_ < most_on_their_way)
        open();
      turn(100);
    }
    while (turn(0)) {
      // Who has been closed is among those that have something to read.
    }
  }

  /// Serves for a moment. Claims that there was something to do.
  bool turn(int milliseconds) {
    epoll_event events[128];
    const int count = epoll_wait(poller_, events, 128, milliseconds);
    for (int i = 0; i < count; ++i) {
      if (events[i].data.u64 < idle_.size())
        serve(idle_[events[i].data.u64]);
    }
    keep_alive();
    return count > 0;
  }

private:
  void open() {
    idle_.emplace_back(settings_.port, settings_.speaks, idle_.size());
    watch(poller_, idle_.back().socket(), idle_.size() - 1);
    if (settings_.speaks == tongue::plain)
      ping(idle_.back());
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

  /// Nobody pings while somebody is on his way.
  void keep_alive() {
    const auto now = tests::seconds_now();
    if (settled_ < idle_.size())
      return pings_.begin(now);
    pings_.catch_up(now, idle_.size(), [this](std::size_t number) { ping(idle_[number]); });
  }

  void ping(peer& one) {
    if (settings_.speaks == tongue::plain)
      one.send(protocol::as_bytes("ping\n"));
    else
      one.send(protocol::encode_ping({++nonce_, 1}).bytes());
  }

  idle_load_settings settings_;
  int poller_;
  std::vector<peer> idle_;
  std::size_t settled_ = 0;
  std::uint64_t nonce_ = 0;
  even_pings pings_;
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
