#include "processes.hpp"

#include <string_view>

namespace byssus::bench {

namespace {

constexpr unsigned core_of_servers = 0;
constexpr unsigned core_of_loads = 1;

constexpr std::string_view listening = "listening on 127.0.0.1:";

/// Whatever follows the number.
std::uint16_t port_in(const std::string& line) {
  return static_cast<std::uint16_t>(
      std::stoul(line.substr(line.find(listening) + listening.size())));
}

}  // namespace

std::vector<std::string> shipped_node(const std::string& program,
                                      const std::vector<std::string>& more) {
  std::vector<std::string> words{program,     "--listen", "127.0.0.1:0", "--reactors", "1",
                                 "--workers", "1"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

server::server(const std::vector<std::string>& words)
    : process(words, core_of_servers),
      port(port_in(process.line_with(std::string{listening}, 10))) {}

child load_of(const std::string& self, const std::string& command, std::uint16_t port,
              tongue speaks, const std::vector<std::string>& more) {
  std::vector<std::string> words{self,       command,     "--port", std::to_string(port),
                                 "--speaks", name(speaks)};
  words.insert(words.end(), more.begin(), more.end());
  return child{words, core_of_loads};
}

idle_crowd::idle_crowd(const std::string& self, std::uint16_t port, tongue speaks)
    : process_(load_of(self, "idle-load", port, speaks)) {}

void idle_crowd::become(std::size_t count) {
  process_.tell(std::to_string(count));
  process_.line_with("ready " + std::to_string(count), 60);
}

}  // namespace byssus::bench
