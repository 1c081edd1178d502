#include "byssus/runtime/asio/asio_reactor.hpp"
#include "byssus/runtime/asio/tcp_stream.hpp"

#include <array>
#include <span>
#include <utility>

/// \file
/// The writing half of `tcp_stream`.

namespace byssus::detail {

bool tcp_stream::send(std::span<const std::byte> frames, lane which) {
  if (phase_ != phase::open)
    return false;
  // The socket is dead already; that is told by `on_closed` once what has arrived is read.
  if (broken_)
    return true;
  const auto& config = home_->transports();
  const auto bound =
      which == lane::urgent ? config.most_unsent_bytes / 4 * 5 : config.most_unsent_bytes;
  if (frames.size() > bound || output_.size() > bound - frames.size())
    return false;
  output_.append(frames, which);
  above_low_water_ = above_low_water_ || output_.size() > config.low_water_bytes;
  if (!writing_)
    settle_later();
  return true;
}

/// Gives the kernel all that it takes. Returns false when the owner has destroyed the transport
/// meanwhile, or its end was told.
bool tcp_stream::flush() {
  while (!output_.empty() && !writing_ && !broken_) {
    if (!write_once())
      wait_writable();
  }
  if (above_low_water_ && output_.size() <= home_->transports().low_water_bytes) {
    above_low_water_ = false;
    if (phase_ == phase::open && listener_ != nullptr && !broken_)
      listener_->on_drained();
  }
  return phase_ != phase::closed;
}

/// Returns false when the kernel takes no more at present.
bool tcp_stream::write_once() {
  std::array<asio::const_buffer, most_buffers> room;
  const std::span<const asio::const_buffer> buffers{room.data(), output_.gather(room)};
  error_code failure;
  // One buffer, the usual case, becomes send(2), which is cheaper than sendmsg(2).
  const auto written = buffers.size() == 1 ? socket_.write_some(buffers.front(), failure)
                                           : socket_.write_some(buffers, failure);
  if (failure == asio::error::would_block || failure == asio::error::interrupted)
    return false;
  if (failure) {
    on_write_failed();
    return true;
  }
  const bool whole = written == asio::buffer_size(buffers);
  output_.consume(written);
  return whole;
}

void tcp_stream::wait_writable() {
  writing_ = true;
  socket_.async_wait(tcp_socket::wait_write,
                     [self = boost::intrusive_ptr{this}](const error_code&) {
                       self->writing_ = false;
                       self->on_turn_end();
                     });
}

/// The peer may have said why before it went, so what has arrived is read first; then reading fails
/// too, or ends.
void tcp_stream::on_write_failed() {
  broken_ = true;
  output_.clear();
  if (ended_)
    return finish(errc::connection_reset);
  error_code ignored;
  socket_.shutdown(tcp_socket::shutdown_both, ignored);
}

void tcp_stream::on_all_written() {
  if (ended_)
    return finish(broken_ ? errc::connection_reset : errc::none);
  phase_ = phase::lingering;
  error_code ignored;
  socket_.shutdown(tcp_socket::shutdown_send, ignored);
  wants_read_ = true;
  if (!reading_)
    wait_readable();
}

}  // namespace byssus::detail
