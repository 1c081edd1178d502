#pragma once

#include "byssus/actors/ports/timer.hpp"
#include "byssus/runtime/asio/happy_eyeballs.hpp"
#include "byssus/runtime/asio/loop_use.hpp"
#include "byssus/runtime/asio/tcp.hpp"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace byssus::detail {

class asio_reactor;

/// Is told how a race ended: one of the two, once. Inside each the listener may destroy the race.
class race_listener {
public:
  virtual void on_won(tcp_socket winner, const tcp::endpoint& address) = 0;
  virtual void on_lost(errc reason, const std::string& detail) = 0;

protected:
  ~race_listener() = default;
};

/// Connects to the addresses of one host as `happy_eyeballs` says, until one answers; then the
/// other sockets are closed. Carries out, decides nothing. Destroying it closes all sockets, and no
/// call follows.
class tcp_race final : timer_listener {
public:
  /// @param addresses at least one, in the system's order
  tcp_race(asio_reactor& home, const std::vector<tcp::endpoint>& addresses,
           race_listener& listener);

  /// Begins the first attempt. If nothing can begin at all, `on_lost` comes from inside this.
  void begin() { begin_next(); }

  /// What has become of the addresses so far, for the log of a race that ran out of time.
  std::string account() const;

private:
  /// One address's socket, and why it failed.
  struct attempt {
    tcp_socket socket;
    error_code failure = {};
  };

  void on_timer(timer&) override { begin_next(); }
  void begin_next();
  void connect(std::size_t number);
  void on_connected(std::size_t number, const error_code& result);
  void on_failed(std::size_t number, const error_code& failure);
  void win(std::size_t number);
  void lose();

  asio_reactor* home_;
  std::unique_ptr<loop_use> running_;  // until it has told its end
  std::vector<tcp::endpoint> addresses_;
  race_listener* listener_;
  happy_eyeballs order_;
  std::deque<attempt> attempts_;  // those that have begun, in the order of `addresses_`
  timer next_;                    // runs while an attempt is still to begin
  // Expires with this object, or when it has told its end: pending connects then find nobody.
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace byssus::detail
