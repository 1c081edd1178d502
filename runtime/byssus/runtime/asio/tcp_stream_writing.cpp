#include "byssus/runtime/asio/asio_reactor.hpp"
#include "byssus/runtime/asio/tcp_stream.hpp"

#include <array>
#include <cerrno>
#include <span>
#include <sys/socket.h>
#include <sys/uio.h>
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
    writing_ = !write_once();
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
  constexpr int flags = MSG_NOSIGNAL | MSG_DONTWAIT;
  std::array<iovec, most_buffers> buffers;
  const auto used = output_.gather(buffers);
  msghdr message{};
  message.msg_iov = buffers.data();
  message.msg_iovlen = used;
  // One buffer, the usual case, goes by send(2), which is cheaper than sendmsg(2).
  const auto count = used == 1 ? ::send(socket_, buffers[0].iov_base, buffers[0].iov_len, flags)
                               : ::sendmsg(socket_, &message, flags);
  if (count < 0 && (errno == EAGAIN || errno == EINTR))
    return false;
  if (count < 0) {
    on_write_failed();
    return true;
  }
  const auto written = static_cast<std::size_t>(count);
  std::size_t offered = 0;
  for (std::size_t i = 0; i < used; ++i)
    offered += buffers[i].iov_len;
  output_.consume(written);
  return written == offered;
}

/// The peer may have said why before it went, so what has arrived is read first; then reading fails
/// too, or ends.
void tcp_stream::on_write_failed() {
  broken_ = true;
  output_.clear();
  if (ended_)
    return finish(errc::connection_reset);
  ::shutdown(socket_, SHUT_RDWR);
}

void tcp_stream::on_all_written() {
  if (ended_)
    return finish(broken_ ? errc::connection_reset : errc::none);
  phase_ = phase::lingering;
  ::shutdown(socket_, SHUT_WR);
  wants_read_ = true;
}

}  // namespace byssus::detail
