#include <nlohmann/json.hpp>

#include "child.hpp"
#include "commands.hpp"
#include <algorithm>
#include <cstdio>
#include <string>

namespace byssus::bench {

namespace {

using nlohmann::json;

/// What one round of one server gave.
struct outcome {
  double rate = 0;
  double load_idle = 0;   ///< the share of its looks that found nothing
  double server_cpu = 0;  ///< cores that the server used

  /// Round trips for a second of the server's own time, whatever it had to wait for.
  double per_cpu_second() const { return rate / server_cpu; }

  /// A load that always finds something to do is behind its server.
  bool load_was_behind() const { return load_idle < 0.01; }
};

json summary(std::vector<double> figures) {
  std::sort(figures.begin(), figures.end());
  return {
      {"min", figures.front()}, {"median", figures[figures.size() / 2]}, {"max", figures.back()}};
}

std::uint16_t port_in(const std::string& line) {
  return static_cast<std::uint16_t>(std::stoul(line.substr(line.rfind(':') + 1)));
}

/// A fresh server on the first core, a fresh load on the second.
outcome measure(const echo_settings& settings, tongue speaks, std::size_t connections) {
  const bool raw = speaks == tongue::raw;
  child server{raw ? std::vector<std::string>{settings.self, "raw-echo"}
                   : std::vector<std::string>{settings.node, "--listen", "127.0.0.1:0",
                                              "--reactors", "1", "--workers", "1"},
               0};
  const auto port = port_in(server.line_with("listening on", 10));
  child load{{settings.self, "echo-load", "--port", std::to_string(port), "--speaks",
              raw ? "raw" : "framed", "--connections", std::to_string(connections), "--size",
              std::to_string(settings.size), "--seconds", std::to_string(settings.seconds),
              "--server", std::to_string(server.id())},
             1};
  const auto said = json::parse(load.line_with("round_trips_per_second", settings.seconds + 60));
  return {said["round_trips_per_second"], said["load_idle"], said["server_cpu"]};
}

/// Both servers, alternately; prints a line for each round and one for all. Returns the ratio.
double compare(const echo_settings& settings, std::size_t connections) {
  std::vector<double> ours;
  std::vector<double> raw;
  std::vector<double> ratios;
  std::vector<double> cpu_ratios;
  std::size_t behind = 0;
  for (std::size_t round = 1; round <= settings.rounds; ++round) {
    const auto theirs = measure(settings, tongue::raw, connections);
    const auto node = measure(settings, tongue::framed, connections);
    raw.push_back(theirs.rate);
    ours.push_back(node.rate);
    ratios.push_back(node.rate / theirs.rate);
    cpu_ratios.push_back(node.per_cpu_second() / theirs.per_cpu_second());
    behind += theirs.load_was_behind() ? 1 : 0;
    std::printf("%s\n", json{{"bench", "echo"},
                             {"connections", connections},
                             {"round", round},
                             {"node", node.rate},
                             {"raw", theirs.rate},
                             {"ratio", ratios.back()},
                             {"cpu_ratio", cpu_ratios.back()},
                             {"node_cpu", node.server_cpu},
                             {"raw_cpu", theirs.server_cpu},
                             {"load_idle", {{"node", node.load_idle}, {"raw", theirs.load_idle}}}}
                            .dump()
                            .c_str());
    std::fflush(stdout);
  }
  const auto ratio = summary(ratios);
  std::printf("%s\n", json{{"bench", "echo"},
                           {"connections", connections},
                           {"size", settings.size},
                           {"rounds", settings.rounds},
                           {"node_round_trips_per_second", summary(ours)},
                           {"raw_round_trips_per_second", summary(raw)},
                           {"ratio", ratio},
                           {"cpu_ratio", summary(cpu_ratios)},
                           {"rounds_with_load_behind", behind},
                           {"machine", machine()}}
                          .dump()
                          .c_str());
  if (behind > 0)
    std::printf(
        "# the load generator was the bottleneck of the bare loop in %zu of %zu rounds, whose "
        "ratio "
        "flatters; cpu_ratio, by the time that the servers used, does not\n",
        behind, settings.rounds);
  std::fflush(stdout);
  return ratio["median"];
}

}  // namespace

int run_echo(const echo_settings& settings) {
  bool slow = false;
  for (const auto connections : settings.connections)
    slow = compare(settings, connections) < settings.at_least || slow;
  if (slow)
    std::printf("# a ratio is below %.2f\n", settings.at_least);
  return slow ? 1 : 0;
}

}  // namespace byssus::bench
