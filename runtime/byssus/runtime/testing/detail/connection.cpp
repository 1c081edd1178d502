#include "byssus/runtime/testing/detail/connection.hpp"

#include "byssus/runtime/testing/detail/network_core.hpp"

#include <algorithm>
#include <utility>

namespace byssus::testing::detail {

namespace {

/// The largest segment, as of a loopback interface.
constexpr std::size_t segment_bytes = 64 * 1024;

/// After a blockade, TCP's retransmission timer needs up to so long until it tries again.
constexpr duration retransmission = std::chrono::seconds{1};

}  // namespace

void pipe::clear() noexcept {
  bytes.clear();
  segments.clear();
  read = arrived = flying = waiting = 0;
}

void pipe::drop_unarrived() noexcept {
  bytes.resize(read + arrived);
  segments.clear();
  flying = waiting = 0;
}

connection::connection(network_core& network, std::uint64_t number, end_point_of dialing,
                       end_point_of accepting)
    : network_(&network), number_(number), ends_{std::move(dialing), std::move(accepting)} {
  for (const auto from : {side::dialing, side::accepting}) {
    const auto& quality = network.quality(at(from), at(other(from)));
    out(from).send_buffer = quality.send_buffer_bytes;
    out(from).receive_buffer = quality.receive_buffer_bytes;
  }
}

std::size_t connection::room(side end) const noexcept {
  const auto& sending = pipes_[index(end)];
  if (closed_[index(end)] || broken(end) != errc::none ||
      (sending.fin_wanted && !sending.forged_end))
    return 0;
  return sending.send_buffer - std::min(sending.send_buffer, sending.unacknowledged());
}

std::size_t connection::write(side end, std::span<const std::byte> bytes) {
  auto size = std::min(room(end), bytes.size());
  if (size == 0)
    return 0;
  size = network_->cut(at(end), at(other(end)), size);
  auto& sending = out(end);
  if (sending.forged_end) {
    send_reset(other(end));
    return size;
  }
  sending.bytes.insert(sending.bytes.end(), bytes.begin(),
                       bytes.begin() + static_cast<std::ptrdiff_t>(size));
  if (sending.unacknowledged() == 0)
    sending.last_progress = network_->in().now;
  sending.waiting += size;
  watch_progress(end);
  transmit(end);
  return size;
}

std::span<const std::byte> connection::readable(side end) const noexcept {
  if (closed_[index(end)])
    return {};
  const auto& reading = in(end);
  return std::span{reading.bytes}.subspan(reading.read, reading.arrived);
}

void connection::consume(side end, std::size_t size) {
  auto& reading = in(end);
  reading.read += size;
  reading.arrived -= size;
  if (reading.read == reading.bytes.size()) {
    reading.bytes.clear();
    reading.read = 0;
  } else if (reading.read > segment_bytes) {
    reading.bytes.erase(reading.bytes.begin(),
                        reading.bytes.begin() + static_cast<std::ptrdiff_t>(reading.read));
    reading.read = 0;
  }
  transmit(other(end));
}

bool connection::at_end(side end) const noexcept {
  return in(end).fin_arrived && in(end).arrived == 0;
}

void connection::shut_write(side end) {
  if (closed_[index(end)] || out(end).fin_wanted)
    return;
  out(end).fin_wanted = true;
  transmit(end);
}

void connection::close(side end) {
  if (closed_[index(end)])
    return;
  const bool unread = in(end).arrived > 0 && !out(end).fin_wanted;
  if (unread && broken(end) == errc::none) {
    abort(end);
    return;
  }
  shut_write(end);
  closed_[index(end)] = true;
  watchers_[index(end)] = nullptr;
  if (unattended_[index(other(end))])
    closed_[index(other(end))] = true;
  if (closed_[index(other(end))])
    network_->forget(*this);
}

void connection::abort(side end) {
  if (closed_[index(end)])
    return;
  out(end).drop_unarrived();
  if (broken(end) == errc::none)
    send_reset(end);
  out(end).fin_wanted = true;
  out(end).fin_sent = true;
  in(end).clear();
  close(end);
}

void connection::vanish(side end) {
  out(end).drop_unarrived();
  out(end).fin_wanted = true;
  out(end).fin_sent = true;
  closed_[index(end)] = true;
  watchers_[index(end)] = nullptr;
  if (closed_[index(other(end))])
    network_->forget(*this);
  else
    probe(other(end));
}

/// A probe and its answer need both directions.
void connection::probe(side end) {
  const auto limit = network_->limits().keepalive;
  if (limit == duration{0})
    return;
  network_->in().plans.plan(network_->in().now + limit, [self = shared_from_this(), end] {
    if (self->closed_[index(other(end))] || self->out(end).silent || self->in(end).silent)
      self->fail(end);
  });
}

void connection::break_both() {
  fail(side::dialing);
  fail(side::accepting);
}

void connection::silence(side from) {
  out(from).silent = true;
  probe(side::dialing);
  probe(side::accepting);
}

void connection::forge_end(side from) {
  auto& ended = out(from);
  ended.forged_end = true;
  ended.fin_wanted = true;
  transmit(from);
}

void connection::send_again() {
  for (const auto from : {side::dialing, side::accepting}) {
    auto& sending = out(from);
    if (sending.segments.empty() || sending.silent || blocked(from))
      continue;
    if (sending.segments.front().arrives > network_->in().now)
      continue;
    const auto first = network_->in().now + network_->in().random.up_to(retransmission);
    for (auto& each : sending.segments)
      each.arrives = std::max(each.arrives, first);
    sending.last_arrival = std::max(sending.last_arrival, first);
    plan_arrival(from);
  }
}

bool connection::blocked(side from) const {
  return pipes_[index(from)].silent || network_->blocked(at(from), at(other(from)));
}

void connection::transmit(side from) {
  auto& sending = out(from);
  while (sending.waiting > 0 && sending.arrived + sending.flying < sending.receive_buffer) {
    const auto window = sending.receive_buffer - sending.arrived - sending.flying;
    const auto most = std::min({sending.waiting, window, segment_bytes});
    const auto size = network_->cut(at(from), at(other(from)), most);
    sending.waiting -= size;
    sending.flying += size;
    fly(from, size);
  }
  if (sending.waiting == 0 && sending.fin_wanted && !sending.fin_sent) {
    sending.fin_sent = true;
    fly(from, 0);
  }
}

void connection::fly(side from, std::size_t size) {
  auto& sending = out(from);
  const auto& quality = network_->quality(at(from), at(other(from)));
  sending.line_free = std::max(sending.line_free, network_->in().now) + quality.time_on_line(size);
  const auto arrives = sending.line_free + network_->travel(at(from), at(other(from)));
  sending.last_arrival = std::max(arrives, sending.last_arrival);
  sending.segments.push_back({sending.last_arrival, size});
  plan_arrival(from);
}

void connection::plan_arrival(side from) {
  auto& sending = out(from);
  if (sending.arrival_planned || sending.segments.empty())
    return;
  sending.arrival_planned = true;
  network_->in().plans.plan(sending.segments.front().arrives, [self = shared_from_this(), from] {
    self->out(from).arrival_planned = false;
    self->arrive(from);
  });
}

void connection::arrive(side from) {
  auto& sending = out(from);
  if (sending.segments.empty() || blocked(from))
    return;
  if (sending.segments.front().arrives <= network_->in().now) {
    const auto size = sending.segments.front().size;
    sending.segments.pop_front();
    take_segment(from, size);
  }
  plan_arrival(from);
}

void connection::take_segment(side from, std::size_t size) {
  auto& sending = out(from);
  const auto to = other(from);
  network_->in().record(at(to).name, size == 0 ? "fin arrived" : "bytes arrived", number_, size);
  sending.flying -= size;
  sending.last_progress = network_->in().now;
  if (size == 0) {
    sending.fin_arrived = true;
  } else if (closed_[index(to)] || broken(to) != errc::none) {
    send_reset(to);
    sending.clear();
    return;
  } else {
    sending.arrived += size;
  }
  notify(to);
  notify(from);
  transmit(from);
}

void connection::watch_progress(side from) {
  const auto limit = network_->limits().user_timeout;
  if (limit == duration{0} || std::exchange(out(from).timeout_planned, true))
    return;
  network_->in().plans.plan(out(from).last_progress + limit, [self = shared_from_this(), from] {
    self->out(from).timeout_planned = false;
    self->check_progress(from);
  });
}

void connection::check_progress(side from) {
  auto& sending = out(from);
  if (sending.unacknowledged() == 0)
    return;
  if (sending.last_progress + network_->limits().user_timeout <= network_->in().now)
    fail(from);
  else
    watch_progress(from);
}

void connection::send_reset(side from) {
  const auto to = other(from);
  if (blocked(from) || closed_[index(to)])
    return;
  auto when = network_->in().now + network_->travel(at(from), at(to));
  when = std::max(when, out(from).last_arrival);
  network_->in().plans.plan(when, [self = shared_from_this(), from, to] {
    if (!self->blocked(from))
      self->fail(to);
  });
}

void connection::fail(side end) {
  if (closed_[index(end)] || broken(end) != errc::none)
    return;
  network_->in().record(at(end).name, "reset arrived", number_);
  broken_[index(end)] = errc::connection_reset;
  out(end).drop_unarrived();
  // A real kernel may or may not have given the last bytes to the process before the reset; the
  // seed decides.
  auto& reading = in(end);
  if (network_->quality(at(other(end)), at(end)).cut_points && network_->in().random.chance(50))
    reading.clear();
  notify(end);
  if (unattended_[index(end)])
    close(end);
}

void connection::notify(side end) {
  if (auto* watcher = watchers_[index(end)])
    watcher->on_readiness();
}

owned_socket& owned_socket::operator=(owned_socket&& other) noexcept {
  if (this != &other) {
    close();
    wire_ = std::move(other.wire_);
    end_ = other.end_;
  }
  return *this;
}

void owned_socket::close() noexcept {
  if (const auto wire = std::exchange(wire_, nullptr))
    wire->close(end_);
}

}  // namespace byssus::testing::detail
