#include "byssus/runtime/testing/simulated_network.hpp"

#include "byssus/runtime/testing/detail/network_core.hpp"

#include <algorithm>

namespace byssus::testing {

namespace {

using detail::connection;
using detail::machine;
using detail::network_core;
using detail::side;
using wire_list = std::vector<std::shared_ptr<connection>>;

/// One of the connections that could still be silenced, by the seed; null if there is none.
std::shared_ptr<connection> pick(network_core& core, const wire_list& wires) {
  if (wires.empty())
    return nullptr;
  return wires[static_cast<std::size_t>(core.in().random.below(wires.size()))];
}

wire_list audible(network_core& core, std::string_view a, std::string_view b) {
  auto wires = core.between(&core.at(a), &core.at(b));
  std::erase_if(wires, [](const auto& wire) {
    const auto broken =
        wire->broken(side::dialing) != errc::none || wire->broken(side::accepting) != errc::none;
    return broken || wire->silent(side::dialing) || wire->silent(side::accepting);
  });
  return wires;
}

}  // namespace

void simulated_network::shape(std::string_view from, std::string_view to,
                              const link_quality& quality) {
  core_->shape(core_->at(from), core_->at(to), quality);
}

void simulated_network::shape_all(const link_quality& quality) {
  core_->shape_all(quality);
}

link_quality simulated_network::quality(std::string_view from, std::string_view to) const {
  return core_->quality(core_->at(from), core_->at(to));
}

void simulated_network::answer_name(std::string_view host, const name_answer& answer) {
  auto& named = core_->at(host);
  named.resolves = answer;
  if (answer.what == name_answer::outcome::failure)
    core_->count(fault::resolve_failure, named);
  else if (answer.what == name_answer::outcome::hang)
    core_->count(fault::resolve_hang, named);
}

std::size_t simulated_network::cut(std::string_view a, std::string_view b) {
  const auto wires = core_->between(&core_->at(a), &core_->at(b));
  if (!wires.empty())
    core_->count(fault::cut, core_->at(b));
  for (const auto& wire : wires)
    wire->break_both();
  return wires.size();
}

bool simulated_network::reset_one(std::string_view a, std::string_view b) {
  const auto wire = pick(*core_, core_->between(&core_->at(a), &core_->at(b)));
  if (!wire)
    return false;
  core_->count(fault::reset, core_->at(b));
  wire->break_both();
  return true;
}

bool simulated_network::silence_one(std::string_view a, std::string_view b) {
  const auto wire = pick(*core_, audible(*core_, a, b));
  if (!wire)
    return false;
  core_->count(fault::silence, core_->at(b));
  wire->silence(side::dialing);
  wire->silence(side::accepting);
  return true;
}

bool simulated_network::silence_direction(std::string_view from, std::string_view to) {
  const auto wire = pick(*core_, audible(*core_, from, to));
  if (!wire)
    return false;
  core_->count(fault::half_silence, core_->at(to));
  wire->silence(network_core::side_at(*wire, core_->at(from)));
  return true;
}

bool simulated_network::half_close(std::string_view from, std::string_view to) {
  const auto wire = pick(*core_, audible(*core_, from, to));
  if (!wire)
    return false;
  core_->count(fault::half_close, core_->at(to));
  wire->forge_end(network_core::side_at(*wire, core_->at(from)));
  return true;
}

void simulated_network::refuse(std::string_view host) {
  core_->at(host).on_attempt = machine::attempts::refused;
  core_->count(fault::refuse, core_->at(host));
}

void simulated_network::mute(std::string_view host) {
  core_->at(host).on_attempt = machine::attempts::muted;
  core_->count(fault::mute, core_->at(host));
}

void simulated_network::unreachable(std::string_view host) {
  core_->at(host).on_attempt = machine::attempts::unreachable;
  core_->count(fault::unreachable, core_->at(host));
}

void simulated_network::heal_host(std::string_view host) {
  core_->heal_host(core_->at(host));
}

void simulated_network::partition(std::string_view a, std::string_view b) {
  core_->partition(core_->at(a), core_->at(b));
  core_->count(fault::partition, core_->at(b));
}

void simulated_network::rejoin(std::string_view a, std::string_view b) {
  core_->rejoin(core_->at(a), core_->at(b));
}

void simulated_network::spike(std::string_view a, std::string_view b, duration extra) {
  core_->spike(core_->at(a), core_->at(b), extra);
  if (extra > duration{0})
    core_->count(fault::spike, core_->at(b));
}

void simulated_network::heal() {
  core_->heal();
}

std::size_t simulated_network::open_sockets() const noexcept {
  std::size_t open = 0;
  for (const auto& wire : core_->connections())
    open += static_cast<std::size_t>(wire->open(side::dialing)) +
            static_cast<std::size_t>(wire->open(side::accepting));
  return open;
}

std::size_t simulated_network::open_sockets(std::string_view host) const {
  const auto* where = &core_->at(host);
  std::size_t open = 0;
  for (const auto& wire : core_->connections())
    for (const auto end : {side::dialing, side::accepting})
      open += static_cast<std::size_t>(&wire->at(end) == where && wire->open(end));
  return open;
}

std::size_t simulated_network::connections(std::string_view a, std::string_view b) const {
  return core_->between(&core_->at(a), &core_->at(b)).size();
}

std::size_t simulated_network::attempts_seen(std::string_view host) const {
  return core_->at(host).attempts_seen;
}

const fault_counts& simulated_network::faults() const noexcept {
  return core_->faults();
}

}  // namespace byssus::testing
