#include <nlohmann/json.hpp>

#include "child.hpp"
#include "commands.hpp"
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>

namespace byssus::bench {

int run_idle(const idle_settings& settings) {
  if (settings.base >= settings.connections)
    throw std::runtime_error{"--base must be less than --connections"};
  child server{{settings.node, "--listen", "127.0.0.1:0", "--reactors", "1", "--workers", "1"}, 0};
  const auto line = server.line_with("listening on", 10);
  child load{{settings.self, "idle-load", "--port", line.substr(line.rfind(':') + 1), "--speaks",
              settings.plain ? "plain" : "framed"},
             1};
  const auto resident_at = [&](std::size_t connections) {
    load.tell(std::to_string(connections));
    load.line_with("ready " + std::to_string(connections), 120);
    std::this_thread::sleep_for(std::chrono::duration<double>{settings.settling});
    return resident_bytes(server.id());
  };
  const auto at_base = resident_at(settings.base);
  const auto at_top = resident_at(settings.connections);
  const auto each = (at_top - at_base) / static_cast<double>(settings.connections - settings.base);
  const nlohmann::json result{{"bench", "idle"},
                              {"mode", settings.plain ? "plain" : "framed"},
                              {"connections", settings.connections},
                              {"resident_bytes", at_top},
                              {"base_connections", settings.base},
                              {"base_resident_bytes", at_base},
                              {"bytes_per_connection", each},
                              {"machine", machine()}};
  std::printf("%s\n", result.dump().c_str());
  const bool fat = settings.at_most > 0 && each > settings.at_most;
  if (fat)
    std::printf("# more than %.0f bytes per connection\n", settings.at_most);
  return fat ? 1 : 0;
}

}  // namespace byssus::bench
