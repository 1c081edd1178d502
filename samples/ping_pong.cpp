/// Ping and pong on a connection that lasts, as tutorials on TCP write them by hand: the client
/// pings every 5 s, and when the connection is lost dials again, 5 times, 3 s apart. Either half
/// gets along with anybody's other half: it is plain text.
#include "states.hpp"
#include <byssus/byssus.hpp>
#include <byssus/protocol/names.hpp>
#include <iostream>

namespace {

/// A server may end lines or not; and no control may reach our terminal.
void print(const byssus::message& read) {
  const auto text = read.text().substr(0, read.text().find_last_not_of("\r\n") + 1);
  std::cout << byssus::protocol::one_line(text, text.size()) + '\n' << std::flush;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  byssus::config config;
  byssus::link_options options{.mode = byssus::link_mode::plain,
                               .heartbeat = {.interval = 5s},
                               .retry = byssus::backoff_policy::fixed(3s, 5)};
  byssus::settings{"Pings a server, or is the server that answers, until Ctrl-C."}
      .add("listen", "HOST:PORT", "be the server, here", byssus::as_listen_endpoint(config.listen))
      .add("node", "tcp://HOST:PORT", "be the client, of the server there",
           byssus::as_endpoint(options.endpoints))
      .add("every", "TIME", "how often to ping",
           byssus::as_duration(options.heartbeat.interval, 10ms, 1h))
      .add_client(config)
      .epilogue(
          "One of --listen and --node is needed. In two terminals:\n"
          "  ping_pong --listen 127.0.0.1:7402\n"
          "  ping_pong --node tcp://127.0.0.1:7402")
      .parse_or_exit(argc, argv);
  const bool is_client = !options.endpoints.empty();
  if (is_client == config.listen.has_value()) {
    std::cerr << "ping_pong: give one of --listen HOST:PORT and --node tcp://HOST:PORT, not both "
                 "(BYSSUS_LISTEN and BYSSUS_NODE count, too)\n";
    return 2;
  }

  config.heartbeat = options.heartbeat.interval;
  bool failed = false;  // callbacks may use it until the node is gone
  try {
    byssus::node node{config};
    if (is_client) {
      auto link = node.connect(options);
      tell_states(link, node, failed);
      link.on_message(print);
    }
    node.run();  // a node answers pings by itself
  } catch (const byssus::startup_error& wrong) {
    std::cerr << "ping_pong: " << wrong.what() << '\n';
    return 1;
  }
  return failed ? 1 : 0;
}
