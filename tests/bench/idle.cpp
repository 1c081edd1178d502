#include "byssus/tests/descriptors.hpp"

#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "processes.hpp"
#include <cstdio>
#include <stdexcept>
#include <string>

namespace byssus::bench {

int run_idle(const idle_settings& settings) {
  if (settings.base >= settings.connections)
    throw std::runtime_error{"--base must be less than --connections"};
  if (!tests::may_hold(settings.connections))
    return tests::cannot_run_here;
  server node{shipped_node(settings.node)};
  idle_crowd crowd{settings.self, node.port, settings.plain ? tongue::plain : tongue::framed};
  const auto resident_at = [&](std::size_t connections) {
    crowd.become(connections);
    node.process.overhear(settings.settling);
    const auto bytes = resident_bytes(node.process.id());
    crowd.become(connections);  // nobody has left meanwhile
    return bytes;
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
