#include "byssus/tests/descriptors.hpp"

#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "processes.hpp"
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace byssus::bench {

namespace {

using nlohmann::json;

/// What one round of one server gave.
struct outcome {
  double rate = 0;
  double load_idle = 0;   ///< the share of the time in which the load had nothing to do
  double server_cpu = 0;  ///< cores that the server used
  bool pinned = true;     ///< server and load, each to one core

  /// Round trips for a second of the server's own time, whatever it had to wait for.
  double per_cpu_second() const { return rate / server_cpu; }

  /// A load that always finds something to do is behind its server.
  bool load_was_behind() const { return load_idle < 0.05; }
};

/// One round of both servers, one after the other.
struct comparison {
  outcome raw;
  outcome node;

  double ratio() const { return node.rate / raw.rate; }
  double cpu_ratio() const { return node.per_cpu_second() / raw.per_cpu_second(); }
  bool load_was_behind() const { return raw.load_was_behind() || node.load_was_behind(); }

  /// What counts. The rate of a server that waited for its load says nothing of the server, and may
  /// flatter the other one.
  double judged_ratio() const {
    return load_was_behind() ? std::min(ratio(), cpu_ratio()) : ratio();
  }
};

/// A fresh server, and a fresh load.
outcome measure(const echo_settings& settings, tongue speaks, std::size_t connections) {
  const server under_test{speaks == tongue::raw
                              ? std::vector<std::string>{settings.self, "raw-echo"}
                              : shipped_node(settings.node)};
  auto load = load_of(settings.self, "echo-load", under_test.port, speaks,
                      {"--connections", std::to_string(connections), "--size",
                       std::to_string(settings.size), "--seconds", std::to_string(settings.seconds),
                       "--server", std::to_string(under_test.process.id())});
  const auto said = json::parse(load.line_with("round_trips_per_second", settings.seconds + 60));
  const bool pinned = under_test.process.pinned() && load.pinned();
  return {said["round_trips_per_second"], said["load_idle"], said["server_cpu"], pinned};
}

void print(const json& line) {
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
}

json to_json(const comparison& each) {
  return {{"node", each.node.rate},
          {"raw", each.raw.rate},
          {"ratio", each.ratio()},
          {"cpu_ratio", each.cpu_ratio()},
          {"judged_ratio", each.judged_ratio()},
          {"load_behind", each.load_was_behind()},
          {"node_cpu", each.node.server_cpu},
          {"raw_cpu", each.raw.server_cpu},
          {"load_idle", {{"node", each.node.load_idle}, {"raw", each.raw.load_idle}}}};
}

/// Least, median and most of what `figure` says of each round.
template <class Figure>
json summary(const std::vector<comparison>& rounds, Figure figure) {
  std::vector<double> all(rounds.size());
  std::transform(rounds.begin(), rounds.end(), all.begin(), figure);
  std::sort(all.begin(), all.end());
  return {{"min", all.front()}, {"median", all[all.size() / 2]}, {"max", all.back()}};
}

/// Says what a reader of the figures has to know.
void explain(const std::vector<comparison>& rounds, const json& all) {
  const auto behind = all["rounds_with_load_behind"].get<std::size_t>();
  if (behind > 0)
    std::printf(
        "# %zu connections: in %zu of %zu rounds the load had nothing to do for less than 5 %% of "
        "the time, so a server may have waited for it; these rounds count with the lower of ratio "
        "and cpu_ratio (judged_ratio: median %.3f; by ratio alone it were %.3f)\n",
        all["connections"].get<std::size_t>(), behind, rounds.size(),
        all["judged_ratio"]["median"].get<double>(), all["ratio"]["median"].get<double>());
  const auto unpinned = std::count_if(rounds.begin(), rounds.end(), [](const comparison& each) {
    return !each.raw.pinned || !each.node.pinned;
  });
  if (unpinned > 0)
    std::printf("# not pinned: in %zu of %zu rounds server and load had no core of their own\n",
                static_cast<std::size_t>(unpinned), rounds.size());
  std::fflush(stdout);
}

/// Both servers, alternately; prints a line for each round and one for all. Returns what counts.
double compare(const echo_settings& settings, std::size_t connections) {
  std::vector<comparison> rounds;
  while (rounds.size() < settings.rounds) {
    const auto raw = measure(settings, tongue::raw, connections);
    rounds.push_back({raw, measure(settings, tongue::framed, connections)});
    auto line = to_json(rounds.back());
    line.update({{"bench", "echo"}, {"connections", connections}, {"round", rounds.size()}});
    print(line);
  }
  const json all{
      {"bench", "echo"},
      {"connections", connections},
      {"size", settings.size},
      {"rounds", settings.rounds},
      {"node_round_trips_per_second", summary(rounds, [](const auto& of) { return of.node.rate; })},
      {"raw_round_trips_per_second", summary(rounds, [](const auto& of) { return of.raw.rate; })},
      {"ratio", summary(rounds, [](const auto& of) { return of.ratio(); })},
      {"cpu_ratio", summary(rounds, [](const auto& of) { return of.cpu_ratio(); })},
      {"judged_ratio", summary(rounds, [](const auto& of) { return of.judged_ratio(); })},
      {"rounds_with_load_behind",
       std::count_if(rounds.begin(), rounds.end(),
                     [](const comparison& of) { return of.load_was_behind(); })},
      {"machine", machine()}};
  print(all);
  explain(rounds, all);
  return all["judged_ratio"]["median"];
}

}  // namespace

int run_echo(const echo_settings& settings) {
  if (!tests::may_hold(*std::max_element(settings.connections.begin(), settings.connections.end())))
    return tests::cannot_run_here;
  bool slow = false;
  for (const auto connections : settings.connections)
    slow = compare(settings, connections) < settings.at_least || slow;
  if (slow)
    std::printf("# a judged_ratio is below %.2f in the median\n", settings.at_least);
  return slow ? 1 : 0;
}

}  // namespace byssus::bench
