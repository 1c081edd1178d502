#include "byssus/runtime/asio/tcp_race.hpp"

#include "byssus/runtime/asio/asio_reactor.hpp"
#include "byssus/runtime/asio/tcp_stream.hpp"

#include <utility>

namespace byssus::detail {

namespace {

/// TCP lets a socket meet itself when its own ephemeral port is the one it dials.
bool has_met_itself(const tcp_socket& socket) {
  error_code gone;
  return socket.local_endpoint(gone) == socket.remote_endpoint(gone);
}

}  // namespace

tcp_race::tcp_race(asio_reactor& home, const std::vector<tcp::endpoint>& addresses,
                   race_listener& listener)
    : home_(&home),
      running_(new loop_use{home.use_loop()}),
      addresses_(interleaved(addresses)),
      listener_(&listener),
      order_(addresses_.size(), home.now()),
      next_(home.timers(), *this) {}

/// An attempt that fails as it begins makes the next one due later, never now: no loop is needed.
void tcp_race::begin_next() {
  const auto number = order_.begin_next(home_->now());
  const auto& address = addresses_[number];
  auto& socket = attempts_.emplace_back(attempt{tcp_socket{home_->loop()}}).socket;
  error_code failure;
  socket.open(address.protocol(), failure);
  if (failure)
    return on_failed(number, failure);
  keep_from_children(socket.native_handle());
  if (const auto due = order_.due())
    next_.start_at(*due);
  socket.async_connect(address,
                       [this, number, held = std::weak_ptr<int>{alive_}](const error_code& result) {
                         if (!held.expired())
                           on_connected(number, result);
                       });
}

void tcp_race::on_connected(std::size_t number, const error_code& result) {
  if (result)
    return on_failed(number, result);
  if (has_met_itself(attempts_[number].socket))
    return on_failed(number, asio::error::connection_refused);
  win(number);
}

void tcp_race::on_failed(std::size_t number, const error_code& failure) {
  auto& failed = attempts_[number];
  failed.failure = failure;
  error_code ignored;
  failed.socket.close(ignored);
  order_.on_failed(home_->now());
  if (order_.exhausted())
    return lose();
  if (const auto due = order_.due())
    next_.start_at(*due);
}

/// The last thing done: the listener may destroy this.
void tcp_race::win(std::size_t number) {
  auto winner = std::move(attempts_[number].socket);
  const auto address = addresses_[number];
  alive_.reset();
  running_.reset();
  next_.stop();
  attempts_.clear();
  listener_->on_won(std::move(winner), address);
}

/// The last thing done, as above. That one family has no route says the least of all reasons.
void tcp_race::lose() {
  auto reason = errc::network_unreachable;
  for (const auto& each : attempts_) {
    if (const auto its = connect_reason(each.failure); its != errc::network_unreachable)
      reason = its;
  }
  const auto detail = account();
  alive_.reset();
  running_.reset();
  listener_->on_lost(reason, detail);
}

std::string tcp_race::account() const {
  std::string all;
  for (std::size_t i = 0; i < attempts_.size(); ++i) {
    const auto& failure = attempts_[i].failure;
    all += (i == 0 ? "" : "; ") + to_text(addresses_[i]) + ": " +
           (failure ? failure.message() : "no answer in time");
  }
  return all;
}

}  // namespace byssus::detail
