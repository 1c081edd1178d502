#include "byssus/runtime/testing/detail/network_core.hpp"

#include "byssus/runtime/testing/detail/simulated_acceptor.hpp"

#include <algorithm>

namespace byssus::testing::detail {

namespace {

/// What a host's own interface takes, unless shaped.
constexpr duration loopback_delay = std::chrono::microseconds{20};

/// Half of all cuts fall at the very end, so that long pieces occur too.
constexpr unsigned whole_percent = 50;

bool is_own_name(std::string_view host) noexcept {
  return host == "localhost" || host == "127.0.0.1" || host == "::1" || host == "0.0.0.0" ||
         host == "::";
}

bool joins(const connection& wire, const machine* a, const machine* b) noexcept {
  const auto* first = &wire.at(side::dialing);
  const auto* second = &wire.at(side::accepting);
  return (first == a && second == b) || (first == b && second == a);
}

}  // namespace

std::uint16_t machine::ephemeral_port() {
  while (true) {
    const auto port = next_port;
    next_port = port == 65535 ? first_ephemeral_port : static_cast<std::uint16_t>(port + 1);
    if (!ports.contains(port))
      return port;
  }
}

machine& network_core::at(std::string_view name) {
  const auto found = machines_.find(name);
  if (found != machines_.end())
    return *found->second;
  auto fresh = std::make_unique<machine>();
  fresh->name = name;
  return *machines_.emplace(std::string{name}, std::move(fresh)).first->second;
}

machine* network_core::find(std::string_view name) noexcept {
  const auto found = machines_.find(name);
  return found == machines_.end() ? nullptr : found->second.get();
}

machine* network_core::meant(machine& from, std::string_view host) {
  return is_own_name(host) ? &from : find(host);
}

const link_quality& network_core::quality(const machine& from, const machine& to) const {
  const auto found = shapes_.find({&from, &to});
  return found == shapes_.end() ? usual_ : found->second;
}

void network_core::spike(machine& a, machine& b, duration extra) {
  spikes_[{&a, &b}] = extra;
  spikes_[{&b, &a}] = extra;
}

duration network_core::travel(const machine& from, const machine& to) {
  const auto& shape = quality(from, to);
  auto time = &from == &to ? std::min(shape.delay, loopback_delay) : shape.delay;
  if (shape.jitter > duration{0})
    time += world_->random.up_to(shape.jitter);
  if (const auto found = spikes_.find({&from, &to}); found != spikes_.end())
    time += found->second;
  return time;
}

bool network_core::blocked(const machine& from, const machine& to) const {
  if (!from.powered || !to.powered)
    return true;
  return !partitions_.empty() && partitions_.contains(std::minmax(&from, &to));
}

void network_core::rejoin(machine& a, machine& b) {
  if (partitions_.erase(std::minmax<const machine*>(&a, &b)) > 0)
    send_again();
}

void network_core::rejoin_all() {
  partitions_.clear();
  send_again();
}

std::size_t network_core::cut(const machine& from, const machine& to, std::size_t size) {
  if (size <= 1 || !quality(from, to).cut_points || world_->random.chance(whole_percent))
    return size;
  return static_cast<std::size_t>(1 + world_->random.below(size));
}

std::shared_ptr<connection> network_core::join(machine& from, machine& to, std::uint16_t port) {
  auto wire = std::make_shared<connection>(*this, ++joined_,
                                           end_point_of{&from, {from.name, from.ephemeral_port()}},
                                           end_point_of{&to, {to.name, port}});
  connections_.push_back(wire);
  return wire;
}

void network_core::forget(const connection& wire) noexcept {
  std::erase_if(connections_, [&wire](const auto& each) { return each.get() == &wire; });
}

std::vector<std::shared_ptr<connection>> network_core::between(const machine* a,
                                                               const machine* b) const {
  std::vector<std::shared_ptr<connection>> found;
  for (const auto& wire : connections_)
    if (joins(*wire, a, b) && wire->open(side::dialing) && wire->open(side::accepting))
      found.push_back(wire);
  return found;
}

side network_core::side_at(const connection& wire, const machine& where) noexcept {
  return &wire.at(side::dialing) == &where ? side::dialing : side::accepting;
}

void network_core::process_died(machine& where, last_words words) {
  auto bound = std::exchange(where.ports, {});
  for (const auto& [port, listening_there] : bound)
    listening_there->unbind();
  if (words == last_words::none)
    where.powered = false;
  const auto all = connections_;
  for (const auto& wire : all)
    for (const auto end : {side::dialing, side::accepting}) {
      if (&wire->at(end) != &where)
        continue;
      if (words == last_words::reset)
        wire->abort(end);
      else if (words == last_words::end)
        wire->close(end);
      else
        wire->vanish(end);
    }
}

void network_core::power_on(machine& where) {
  if (where.powered)
    return;
  where.powered = true;
  send_again();
}

void network_core::heal_host(machine& where) {
  where.on_attempt = machine::attempts::accepted;
  where.resolves.what = name_answer::outcome::address;
}

void network_core::heal() {
  for (const auto& [name, each] : machines_)
    heal_host(*each);
  spikes_.clear();
  rejoin_all();
}

void network_core::send_again() {
  for (const auto& wire : connections_)
    wire->send_again();
}

void network_core::count(fault kind, const machine& where) {
  faults_.add(kind);
  world_->record(where.name, name(kind));
}

}  // namespace byssus::testing::detail
