#include "byssus/tests/clock.hpp"
#include "byssus/tests/descriptors.hpp"

#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "processes.hpp"
#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace byssus::bench {

namespace {

/// What has to be as it was when everybody has left.
constexpr std::array<const char*, 6> returning{"sockets", "timers",      "actors",
                                               "frames",  "descriptors", "strangers"};

/// The number behind ` key=` in a line of `--stats`.
double figure(const std::string& line, const std::string& key) {
  const auto at = line.find(' ' + key + '=');
  if (at == std::string::npos)
    throw std::runtime_error{"no " + key + " in: " + line};
  return std::stod(line.substr(at + key.size() + 2));
}

/// Claims that so many have been admitted in all, and that everything is as it was `before`. A line
/// that is older than the last of them says nothing.
bool is_back(const std::string& now, const std::string& before, double admitted) {
  if (figure(now, "admitted") != admitted)
    return false;
  for (const auto* key : returning) {
    if (figure(now, key) != figure(before, key))
      return false;
  }
  return true;
}

/// Reads the node's statistics until all are back, or a minute has passed; the last.
std::string settled(child& node, const std::string& before, double admitted) {
  const auto end = tests::seconds_now() + 60;
  auto now = node.line_with(" stats ", 10);
  while (!is_back(now, before, admitted) && tests::seconds_now() < end)
    now = node.line_with(" stats ", 10);
  return now;
}

}  // namespace

int run_soak(const soak_settings& settings) {
  if (!tests::may_hold(settings.connections))
    return tests::cannot_run_here;
  server node{shipped_node(settings.node, {"--stats", "500ms"})};
  const auto before = node.process.line_with(" stats ", 10);
  idle_crowd crowd{settings.self, node.port, tongue::framed};
  double admitted = figure(before, "admitted");
  double first = 0;
  double last = 0;
  bool all_back = true;
  for (std::size_t round = 1; round <= settings.rounds; ++round) {
    crowd.become(settings.connections);
    node.process.overhear(settings.seconds);
    crowd.become(settings.connections);  // nobody has left meanwhile
    crowd.become(0);
    admitted += static_cast<double>(settings.connections);
    const auto after = settled(node.process, before, admitted);
    last = figure(after, "resident_bytes");
    first = round == 1 ? last : first;
    all_back = is_back(after, before, admitted) && all_back;
    nlohmann::json result{{"bench", "soak"},
                          {"round", round},
                          {"connections", settings.connections},
                          {"admitted", figure(after, "admitted")},
                          {"resident_bytes", last},
                          {"to_first", last / first}};
    for (const auto* key : returning)
      result[key] = {{"before", figure(before, key)}, {"after", figure(after, key)}};
    std::printf("%s\n", result.dump().c_str());
    std::fflush(stdout);
  }
  if (!all_back)
    std::printf("# not everybody was admitted once, or not everything is back to its count\n");
  const bool grows = settings.at_most > 0 && last / first > settings.at_most;
  if (grows)
    std::printf("# memory has grown by more than a factor of %.3f\n", settings.at_most);
  return all_back && !grows ? 0 : 1;
}

}  // namespace byssus::bench
