/// Talks in a room of a chat node. What others say goes to stdout, how the link does to stderr, so
/// it is of use in a pipe, too.
#include "lines.hpp"
#include "states.hpp"
#include <byssus/byssus.hpp>
#include <byssus/protocol/names.hpp>
#include <iostream>
#include <string>
#include <thread>
#include <unistd.h>

namespace {

/// One line for stderr, written whole: lines come from several threads.
void note(const std::string& line) {
  std::cerr << line + '\n';
}

void print(const byssus::room_presence& present) {
  std::string line = std::to_string(present.count) + " in " + present.room + ':';
  for (const auto& name : present.names)
    line += ' ' + name;
  std::cout << line + '\n' << std::flush;
}

void print(const byssus::message& said) {
  // Whatever somebody sent: no control may reach our terminal.
  const auto text = byssus::protocol::one_line(said.text(), said.payload.size());
  const auto speaker = said.sender.empty() ? "" : said.sender + ": ";  // empty: the node itself
  std::cout << speaker + text + '\n' << std::flush;
}

}  // namespace

int main(int argc, char** argv) {
  byssus::config config{.log_level = byssus::severity::error};
  byssus::link_options options{.endpoints = {""}};
  std::string room = "lobby";
  byssus::settings{"Says in a room what you type, and prints what the others say."}
      .require("node", "tcp://HOST:PORT", "the chat node",
               byssus::as_endpoint(options.endpoints.front()))
      .require("name", "NAME", "how the others see you; take one of your own",
               byssus::as_name(options.name))
      .add("room", "ROOM", "where to talk", byssus::as_name(room))
      .add("heartbeat", "TIME", "how often to ping the node",
           byssus::as_duration(options.heartbeat.interval, std::chrono::milliseconds{10},
                               std::chrono::hours{1}))
      .add_client(config)
      .epilogue(
          "Lines you can type:\n"
          "  /who   lists who is in the room\n"
          "  /quit  ends the chat, as Ctrl-C and, in a terminal, Ctrl-D do\n"
          "Any other line is said in the room. What is said under your own name is not printed.")
      .parse_or_exit(argc, argv);

  bool failed = false;
  try {
    byssus::node node{config};
    auto link = node.connect(options);

    // Callbacks of a link run one at a time, so they need no lock among themselves.
    tell_states(link, node, failed);

    auto talk = link.join(room, [name = options.name](const byssus::message& said) {
      if (said.sender != name)
        print(said);
    });

    // Answers come in order: with this one, all that was said before is with the others.
    const auto quit = [&] {
      talk.who()
          .then([&](const byssus::room_presence&) { node.stop(); })
          .or_else([&](const byssus::failure&) { node.stop(); });
    };

    std::jthread reader{[&](const std::stop_token& stop) {
      const bool ended = read_lines(stop, [&](const std::string& line) {
        if (line == "/quit")
          return quit();
        if (line == "/who") {
          talk.who()
              .then([](const byssus::room_presence& present) { print(present); })
              .or_else([](const byssus::failure& why) { note("who: " + to_string(why)); });
          return;
        }
        if (!line.empty())
          talk.publish(line).or_else([line](const byssus::failure& why) {
            note("not sent: " + line + " (" + to_string(why) + ')');
          });
      });
      if (ended && isatty(STDIN_FILENO))
        quit();
    }};

    node.run();
  } catch (const byssus::startup_error& wrong) {
    std::cerr << "chat: " << wrong.what() << '\n';
    return 1;
  }
  return failed ? 1 : 0;
}
