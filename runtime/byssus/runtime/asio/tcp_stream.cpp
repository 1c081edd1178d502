#include "byssus/runtime/asio/tcp_stream.hpp"

#include "byssus/runtime/asio/asio_reactor.hpp"

#include <array>
#include <utility>

namespace byssus::detail {

namespace {

using self_ptr = boost::intrusive_ptr<tcp_stream>;

}  // namespace

tcp_stream::tcp_stream(asio_reactor& home, tcp_socket socket, const tcp::endpoint& peer)
    : home_(&home), socket_(std::move(socket)), output_(home.chunks()), peer_(peer) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
}

void tcp_stream::attach(transport_listener& listener) {
  if (phase_ == phase::closed)
    return;
  listener_ = &listener;
  wants_read_ = true;
  // The wait begins at the end of the turn: from inside a handler of Asio it would inherit that
  // one's larger memory.
  settle_later();
}

void tcp_stream::close() {
  if (phase_ != phase::open)
    return;
  phase_ = phase::closing;
  settle_later();
}

void tcp_stream::abandon() noexcept {
  listener_ = nullptr;
  phase_ = phase::closed;
  output_.clear();
  error_code ignored;
  socket_.close(ignored);
}

std::unique_ptr<detached_socket> tcp_stream::release() {
  if (phase_ != phase::open || !socket_.is_open() || !output_.empty())
    return nullptr;
  error_code failure;
  const auto descriptor = socket_.release(failure);
  if (failure)
    return nullptr;
  phase_ = phase::closed;
  listener_ = nullptr;
  return std::make_unique<detached_tcp_socket>(descriptor, peer_, true);
}

void tcp_stream::settle_later() {
  if (std::exchange(settling_, true))
    return;
  home_->settle_later(*this);
}

void tcp_stream::on_turn_end() {
  settling_ = false;
  if (phase_ == phase::closed)
    return;
  if (wants_read_ && !reading_ && !ended_)
    wait_readable();
  if (!broken_ && !flush())
    return;
  if (output_.empty() && phase_ == phase::closing)
    on_all_written();
}

void tcp_stream::finish(errc reason) {
  phase_ = phase::closed;
  output_.clear();
  error_code ignored;
  socket_.close(ignored);
  if (auto* told = std::exchange(listener_, nullptr))
    told->on_closed(reason);
}

void tcp_stream::wait_readable() {
  reading_ = true;
  socket_.async_wait(tcp_socket::wait_read, [self = self_ptr{this}](const error_code& failure) {
    self->on_readable(failure);
  });
}

void tcp_stream::on_readable(const error_code& failure) {
  reading_ = false;
  if (phase_ == phase::closed || ended_)
    return;
  std::size_t arrived = 0;
  if (failure)
    on_read_failed(failure);
  else if (read_once(arrived))
    wait_readable();
}

/// Reads what is there, once, and tells the owner. Returns false when there is nothing to wait for
/// any more.
bool tcp_stream::read_once(std::size_t& arrived) {
  const auto buffer = home_->read_buffer();
  error_code failure;
  arrived = socket_.read_some(asio::buffer(buffer.data(), buffer.size()), failure);
  if (failure == asio::error::would_block || failure == asio::error::interrupted)
    return true;
  if (failure) {
    on_read_failed(failure);
    return false;
  }
  if (phase_ == phase::open)
    listener_->on_bytes(buffer.first(arrived));
  if (polled_ && phase_ == phase::open && awaited_bytes_ > 0) {
    awaited_bytes_ -= std::min(awaited_bytes_, arrived);
    if (awaited_bytes_ == 0)
      answer_poll();
  }
  return phase_ != phase::closed;
}

void tcp_stream::on_read_failed(const error_code& failure) {
  const bool peer_ended = failure == asio::error::eof;
  if (phase_ == phase::lingering)
    return finish(broken_ ? errc::connection_reset : errc::none);
  if (broken_ || !peer_ended)
    return finish(errc::connection_reset);
  ended_ = true;
  if (phase_ != phase::open)
    return;
  listener_->on_ended();
  if (polled_ && phase_ == phase::open)
    answer_poll();
}

void tcp_stream::poll() {
  if (phase_ != phase::open || listener_ == nullptr || std::exchange(polled_, true))
    return;
  home_->post([self = self_ptr{this}] { self->look(); });
}

/// What has arrived by now is read in this turn and, if that is much, by the next ones; then the
/// poll is answered.
void tcp_stream::look() {
  if (phase_ != phase::open)
    return;
  error_code failure;
  awaited_bytes_ = ended_ ? 0 : socket_.available(failure);
  if (ended_ || failure || awaited_bytes_ == 0)
    return answer_poll();
  std::size_t arrived = 0;
  read_once(arrived);
}

void tcp_stream::answer_poll() {
  polled_ = false;
  awaited_bytes_ = 0;
  listener_->on_polled();
}

}  // namespace byssus::detail
