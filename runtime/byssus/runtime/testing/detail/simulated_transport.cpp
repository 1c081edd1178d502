#include "byssus/runtime/testing/detail/simulated_transport.hpp"

#include "byssus/runtime/testing/detail/simulated_acceptor.hpp"
#include "byssus/runtime/testing/simulated_reactor.hpp"

#include <algorithm>
#include <utility>

namespace byssus::testing::detail {

namespace {

/// The most that one read takes from the kernel.
constexpr std::size_t read_bytes = 64 * 1024;

}  // namespace

simulated_transport::simulated_transport(simulated_reactor& home, owned_socket socket)
    : home_(&home),
      socket_(std::move(socket)),
      peer_(to_string(socket_->address(other(socket_.end())))) {
  socket_->watch(socket_.end(), this);
}

simulated_transport::~simulated_transport() {
  home_->forget(*this);
  home_->remove(*this);
}

void simulated_transport::attach(transport_listener& listener) {
  listener_ = &listener;
  wake();
}

bool simulated_transport::send(std::span<const std::byte> frames, lane which) {
  auto bound = home_->world().network->limits().unsent_bound_bytes;
  if (which == lane::urgent)
    bound += bound / 4;
  if (!socket_ || closing_ || frames.size() > bound - std::min(bound, unsent_))
    return false;
  if (frames.empty())
    return true;
  (which == lane::urgent ? urgent_ : bulk_).emplace_back(frames.begin(), frames.end());
  unsent_ += frames.size();
  above_low_water_ = above_low_water_ || unsent_ > home_->world().network->limits().low_water_bytes;
  flush_at_turn_end();
  return true;
}

void simulated_transport::poll() {
  if (!socket_ || closing_ || polled_)
    return;
  polled_ = delivered_ + socket_->readable(socket_.end()).size();
  wake();
}

void simulated_transport::close() {
  if (!socket_ || closing_)
    return;
  closing_ = true;
  flush_at_turn_end();
}

std::unique_ptr<detached_socket> simulated_transport::release() {
  if (!socket_ || closing_ || unsent_ > 0)
    return nullptr;
  socket_->watch(socket_.end(), nullptr);
  auto released = std::make_unique<detached_end>(std::move(socket_));
  end_life();
  return released;
}

void simulated_transport::wake() {
  if (socket_)
    home_->enqueue(*this);
}

void simulated_transport::flush_at_turn_end() {
  if (std::exchange(deferred_, true))
    return;
  home_->defer(*this);
}

void simulated_transport::on_turn_end() {
  deferred_ = false;
  flush();
}

std::deque<simulated_transport::frame>& simulated_transport::next_lane() noexcept {
  if (front_written_ == 0)
    front_is_urgent_ = !urgent_.empty();
  return front_is_urgent_ ? urgent_ : bulk_;
}

bool simulated_transport::write_front() {
  auto& from = next_lane();
  const auto rest = std::span<const std::byte>{from.front()}.subspan(front_written_);
  const auto taken = socket_->write(socket_.end(), rest);
  unsent_ -= taken;
  front_written_ += taken;
  if (taken < rest.size())
    return false;
  from.pop_front();
  front_written_ = 0;
  return true;
}

void simulated_transport::flush() {
  if (!socket_)
    return;
  while (unsent_ > 0 && write_front()) {
  }
  const bool all_written = closing_ && unsent_ == 0 && !std::exchange(lingering_, true);
  if (all_written)
    socket_->shut_write(socket_.end());
  const bool cut_short = unsent_ > 0 && socket_->room(socket_.end()) > 0;
  const bool drained = listener_ && !closing_ && above_low_water_ &&
                       unsent_ <= home_->world().network->limits().low_water_bytes;
  if (cut_short || drained || all_written)
    wake();
}

/// One callback a turn at most, the last thing that it does, since the listener may destroy the
/// transport.
void simulated_transport::run() {
  flush();
  if (listener_ && socket_)
    static_cast<void>(deliver_polled() || deliver_bytes() || deliver_closed() || deliver_end() ||
                      deliver_drained());
}

bool simulated_transport::deliver_bytes() {
  const auto arrived = socket_->readable(socket_.end());
  if (closing_ && !arrived.empty())
    socket_->consume(socket_.end(), arrived.size());
  if (closing_ || arrived.empty())
    return false;
  auto& world = home_->world();
  const auto size = world.network->cut(socket_->at(other(socket_.end())), socket_.at(),
                                       std::min(arrived.size(), read_bytes));
  const std::vector<std::byte> bytes(arrived.begin(),
                                     arrived.begin() + static_cast<std::ptrdiff_t>(size));
  socket_->consume(socket_.end(), size);
  delivered_ += size;
  world.record(home_->name(), "read", socket_->number(),
               fnv1a({reinterpret_cast<const char*>(bytes.data()), size}));
  wake();
  listener_->on_bytes(bytes);
  return true;
}

/// A close is finished by the peer's own end: to let go earlier would make the kernel answer what
/// still comes with a reset, which may destroy what the peer has not read yet.
bool simulated_transport::deliver_closed() {
  const auto failure = socket_->broken(socket_.end());
  if (failure == errc::none && !(lingering_ && socket_->at_end(socket_.end())))
    return false;
  const auto reason = lingering_ ? errc::none : failure;
  home_->world().record(home_->name(), "closed", socket_->number(),
                        static_cast<std::uint64_t>(reason));
  end_life();
  socket_.close();
  listener_->on_closed(reason);
  return true;
}

bool simulated_transport::deliver_end() {
  if (closing_ || ended_told_ || !socket_->at_end(socket_.end()))
    return false;
  ended_told_ = true;
  home_->world().record(home_->name(), "ended", socket_->number());
  wake();
  listener_->on_ended();
  return true;
}

bool simulated_transport::deliver_drained() {
  if (closing_ || !above_low_water_ || unsent_ > home_->world().network->limits().low_water_bytes)
    return false;
  above_low_water_ = false;
  wake();
  listener_->on_drained();
  return true;
}

bool simulated_transport::deliver_polled() {
  if (closing_ || !polled_ || *polled_ > delivered_)
    return false;
  polled_.reset();
  wake();
  listener_->on_polled();
  return true;
}

void simulated_transport::end_life() {
  home_->forget(*this);
  home_->remove(*this);
  bulk_.clear();
  urgent_.clear();
  unsent_ = 0;
  front_written_ = 0;
  polled_.reset();
}

}  // namespace byssus::testing::detail
