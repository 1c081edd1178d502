#include "byssus/runtime/testing/fault_schedule.hpp"

#include "byssus/runtime/testing/seeded_random.hpp"

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <stdexcept>

namespace byssus::testing {

namespace {

/// Most faults are short, some are long: a length is the smallest of so many draws.
constexpr int draws_for_length = 2;

bool strikes_host(fault kind) noexcept {
  return kind == fault::kill || kind == fault::power_off || kind == fault::stop;
}

bool lasts(fault kind) noexcept {
  switch (kind) {
    case fault::cut:
    case fault::reset:
    case fault::silence:
    case fault::half_silence:
    case fault::half_close:
      return false;
    case fault::refuse:
    case fault::mute:
    case fault::unreachable:
    case fault::partition:
    case fault::spike:
    case fault::kill:
    case fault::power_off:
    case fault::stop:
    case fault::resolve_failure:
    case fault::resolve_hang:
      return true;
  }
  return false;
}

fault draw_kind(seeded_random& random, const std::array<unsigned, fault_kinds>& weights) {
  auto point = random.below(std::accumulate(weights.begin(), weights.end(), std::uint64_t{0}));
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    if (point < weights[kind])
      return static_cast<fault>(kind);
    point -= weights[kind];
  }
  return fault::cut;
}

const std::string& draw_name(seeded_random& random, const std::vector<std::string>& names) {
  return names[static_cast<std::size_t>(random.below(names.size()))];
}

duration draw_length(seeded_random& random, duration longest) {
  auto length = longest;
  for (int i = 0; i < draws_for_length; ++i)
    length = std::min(length, random.up_to(longest));
  return std::max<duration>(length, std::chrono::milliseconds{1});
}

planned_fault draw(seeded_random& random, const fault_schedule_config& config) {
  planned_fault drawn;
  drawn.kind = draw_kind(random, config.weights);
  drawn.at = random.up_to(config.span - std::chrono::milliseconds{1});
  drawn.client = draw_name(random, config.clients);
  drawn.server = draw_name(random, config.servers);
  drawn.at_client = random.chance(50) && (config.strikes_clients || !strikes_host(drawn.kind));
  if (lasts(drawn.kind))
    drawn.length = std::min(draw_length(random, config.longest), config.span - drawn.at);
  return drawn;
}

void check(const fault_schedule_config& config) {
  if (config.clients.empty() || config.servers.empty())
    throw std::invalid_argument("a fault schedule needs a client and a server at least");
  if (config.span < std::chrono::seconds{1})
    throw std::invalid_argument("a fault schedule spans a second at least");
  if (std::all_of(config.weights.begin(), config.weights.end(),
                  [](unsigned each) { return each == 0; }))
    throw std::invalid_argument("a fault schedule needs one kind of fault whose weight is not 0");
}

std::string seconds(duration time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f s", std::chrono::duration<double>(time).count());
  return text;
}

}  // namespace

std::string to_string(const planned_fault& planned) {
  const auto& struck = planned.at_client ? planned.client : planned.server;
  const auto& peer = planned.at_client ? planned.server : planned.client;
  auto text = '+' + seconds(planned.at) + ' ' + std::string{name(planned.kind)} + ' ' + struck;
  if (!strikes_host(planned.kind))
    text += " (" + peer + ')';
  if (lasts(planned.kind))
    text += " for " + seconds(planned.length);
  return text;
}

fault_schedule::fault_schedule(std::uint64_t seed, const fault_schedule_config& config)
    : healed_at_(config.span) {
  check(config);
  seeded_random random{seed, "faults"};
  for (std::size_t i = 0; i < config.faults; ++i)
    faults_.push_back(draw(random, config));
  std::stable_sort(faults_.begin(), faults_.end(),
                   [](const planned_fault& a, const planned_fault& b) { return a.at < b.at; });
}

fault_counts fault_schedule::planned() const noexcept {
  fault_counts counts;
  for (const auto& each : faults_)
    counts.add(each.kind);
  return counts;
}

std::string fault_schedule::to_string() const {
  std::string text;
  for (const auto& each : faults_)
    text += testing::to_string(each) + '\n';
  return text;
}

}  // namespace byssus::testing
