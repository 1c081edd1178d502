#pragma once

#include "byssus/actors/ports/acceptor.hpp"
#include "byssus/runtime/testing/detail/network_core.hpp"

#include <deque>

namespace byssus::testing {
class simulated_reactor;
}

namespace byssus::testing::detail {

/// A simulated socket on its way between reactors of one host.
class detached_end final : public detached_socket {
public:
  explicit detached_end(owned_socket socket) noexcept : socket_(std::move(socket)) {}
  owned_socket take() noexcept { return std::move(socket_); }
  /// The peer's host.
  std::string origin() const override { return socket_->address(other(socket_.end())).host; }

private:
  owned_socket socket_;
};

/// A port of a simulated host that is listened on, and the connections that the kernel keeps until
/// it is asked.
class simulated_acceptor final : public acceptor, private work, private timer_listener {
public:
  /// @pre Nobody listens on `where.port` of `host`.
  simulated_acceptor(simulated_reactor& home, machine& host, endpoint where,
                     accept_listener& listener);
  ~simulated_acceptor() override;

  endpoint where() const override { return where_; }
  void pause(duration span) override { pause_.start(span); }

  bool has_room() const noexcept { return backlog_.size() < backlog_limit; }
  void arrived(owned_socket stranger);

  /// Its process was killed: the port is free, the backlog gone.
  void unbind() noexcept;

private:
  static constexpr std::size_t backlog_limit = 128;

  void run() override;
  void on_timer(timer& expired) override;

  simulated_reactor* home_;
  machine* host_;
  endpoint where_;
  accept_listener* listener_;
  std::deque<owned_socket> backlog_;
  timer pause_;
};

/// Implements `reactor::listen`.
listening listen_on(simulated_reactor& home, machine& host, const endpoint& where,
                    accept_listener& listener);

}  // namespace byssus::testing::detail
