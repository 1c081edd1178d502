#include <nlohmann/json.hpp>

#include "child.hpp"
#include "commands.hpp"
#include <array>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>

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

bool is_back(const std::string& now, const std::string& before) {
  for (const auto* key : returning) {
    if (figure(now, key) != figure(before, key))
      return false;
  }
  return true;
}

/// Reads the node's statistics until they are back at `before`, or a minute has passed; the last.
std::string settled(child& server, const std::string& before) {
  const auto end = seconds_now() + 60;
  auto now = server.line_with(" stats ", 10);
  while (!is_back(now, before) && seconds_now() < end)
    now = server.line_with(" stats ", 10);
  return now;
}

}  // namespace

int run_soak(const soak_settings& settings) {
  child server{{settings.node, "--listen", "127.0.0.1:0", "--reactors", "1", "--workers", "1",
                "--stats", "500ms"},
               0};
  const auto line = server.line_with("listening on", 10);
  const auto before = server.line_with(" stats ", 10);
  child load{{settings.self, "idle-load", "--port", line.substr(line.rfind(':') + 1), "--speaks",
              "framed"},
             1};
  const auto become = [&](std::size_t connections) {
    load.tell(std::to_string(connections));
    load.line_with("ready " + std::to_string(connections), 120);
  };
  double first = 0;
  double last = 0;
  bool all_back = true;
  for (std::size_t round = 1; round <= settings.rounds; ++round) {
    become(settings.connections);
    std::this_thread::sleep_for(std::chrono::duration<double>{settings.seconds});
    become(0);
    const auto after = settled(server, before);
    last = figure(after, "resident_bytes");
    first = round == 1 ? last : first;
    all_back = is_back(after, before) && all_back;
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
    std::printf("# not everything is back to its count\n");
  const bool grows = settings.at_most > 0 && last / first > settings.at_most;
  if (grows)
    std::printf("# memory has grown by more than a factor of %.3f\n", settings.at_most);
  return all_back && !grows ? 0 : 1;
}

}  // namespace byssus::bench
