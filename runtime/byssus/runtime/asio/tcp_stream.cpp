#include "byssus/runtime/asio/tcp_stream.hpp"

#include "byssus/runtime/asio/asio_reactor.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace byssus::detail {

namespace {

using self_ptr = boost::intrusive_ptr<tcp_stream>;

}  // namespace

tcp_stream::tcp_stream(asio_reactor& home, int socket, const tcp::endpoint& peer)
    : home_(&home), socket_(socket), output_(home.chunks()), peer_(peer) {}

void tcp_stream::attach(transport_listener& listener) {
  if (phase_ == phase::closed)
    return;
  listener_ = &listener;
  wants_read_ = true;
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
  close_socket();
}

std::unique_ptr<detached_socket> tcp_stream::release() {
  if (phase_ != phase::open || !output_.empty())
    return nullptr;
  if (watched_ != 0)
    home_->sockets().forget(socket_, *this);
  phase_ = phase::closed;
  listener_ = nullptr;
  return std::make_unique<detached_tcp_socket>(std::exchange(socket_, -1), peer_, true);
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
  if (!broken_ && !flush())
    return;
  if (output_.empty() && phase_ == phase::closing)
    on_all_written();
  if (phase_ != phase::closed && !watch())
    finish(errc::out_of_descriptors);
}

void tcp_stream::finish(errc reason) {
  phase_ = phase::closed;
  output_.clear();
  close_socket();
  if (auto* told = std::exchange(listener_, nullptr))
    told->on_closed(reason);
}

void tcp_stream::close_socket() noexcept {
  if (socket_ < 0)
    return;
  if (watched_ != 0)
    home_->sockets().forget(socket_, *this);
  ::close(std::exchange(socket_, -1));
}

/// Asks the reactor for the events that matter now. Returns false if it cannot tell them.
bool tcp_stream::watch() {
  const auto wanted = (wants_read_ && !ended_ ? std::uint32_t{EPOLLIN} : 0U) |
                      (writing_ ? std::uint32_t{EPOLLOUT} : 0U);
  if (wanted == watched_)
    return true;
  auto& sockets = home_->sockets();
  if (wanted == 0)
    sockets.forget(socket_, *this);
  else if (watched_ != 0)
    sockets.change(socket_, wanted, *this);
  else if (!sockets.watch(socket_, wanted, *this))
    return false;
  watched_ = wanted;
  return true;
}

/// The listener is an inlet, a part of the state of a connection; the rest of that is around it.
void tcp_stream::fetch_ahead() const noexcept {
  if (listener_ == nullptr)
    return;
  const auto* state = reinterpret_cast<const char*>(listener_);
  for (int line = -1; line < 9; ++line)
    __builtin_prefetch(state + cache_line_bytes * line);
}

void tcp_stream::on_ready(std::uint32_t events) {
  const self_ptr guard{this};  // who is told may destroy the transport
  if (writing_ && (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0) {
    writing_ = false;
    settle_later();
  }
  if (wants_read_ && !ended_ && (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0)
    read_once();
}

/// Reads what is there, once, and tells the owner.
void tcp_stream::read_once() {
  const auto buffer = home_->read_buffer();
  const auto count = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (count <= 0)
    return on_read_failed(count == 0);
  const auto arrived = static_cast<std::uint32_t>(count);
  if (phase_ == phase::lingering && (discarded_bytes_ += arrived) > most_discarded_bytes)
    return finish(errc::connection_reset);
  if (phase_ == phase::open)
    listener_->on_bytes(buffer.first(arrived));
  if (polled_ && phase_ == phase::open && awaited_bytes_ > 0) {
    awaited_bytes_ -= std::min(awaited_bytes_, arrived);
    if (awaited_bytes_ == 0)
      answer_poll();
  }
}

void tcp_stream::on_read_failed(bool peer_ended) {
  if (phase_ == phase::lingering)
    return finish(broken_ ? errc::connection_reset : errc::none);
  if (broken_ || !peer_ended)
    return finish(errc::connection_reset);
  ended_ = true;
  settle_later();
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
  int arrived = 0;
  if (ended_ || ::ioctl(socket_, FIONREAD, &arrived) != 0 || arrived <= 0)
    return answer_poll();
  awaited_bytes_ = static_cast<std::uint32_t>(arrived);
  read_once();
}

void tcp_stream::answer_poll() {
  polled_ = false;
  awaited_bytes_ = 0;
  listener_->on_polled();
}

}  // namespace byssus::detail
