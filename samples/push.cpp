/// Prints what a push node pushes. What comes goes to stdout, how the link does to stderr, so it is
/// of use in a pipe, too.
#include "states.hpp"
#include <byssus/byssus.hpp>
#include <byssus/protocol/names.hpp>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  byssus::config config{.log_level = byssus::severity::error};
  byssus::link_options options;
  std::string topic = "load";
  byssus::settings{"Prints what a push node pushes, until Ctrl-C."}
      .add_link(options)
      .add("topic", "TOPIC", "what to listen to", byssus::as_name(topic))
      .add_client(config)
      .parse_or_exit(argc, argv);

  bool failed = false;
  try {
    byssus::node node{config};
    auto link = node.connect(options);
    tell_states(link, node, failed);
    // Whatever is pushed: no control may reach our terminal.
    link.join(topic, [](const byssus::message& pushed) {
      std::cout << byssus::protocol::one_line(pushed.text(), pushed.payload.size()) + '\n'
                << std::flush;
    });
    node.run();
  } catch (const byssus::startup_error& wrong) {
    std::cerr << "push: " << wrong.what() << '\n';
    return 1;
  }
  return failed ? 1 : 0;
}
