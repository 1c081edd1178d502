/// Talks in a room of a chat node. What others say goes to stdout, how the link does to stderr, so
/// it is of use in a pipe, too: lines wait until the room is entered, `/quit` waits until they are
/// said, and the program ends with code 1 if one could not be. The end of a pipe ends nothing: it
/// listens on.
#include "lines.hpp"
#include "states.hpp"
#include <atomic>
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
  byssus::link_options options;
  std::string room = "lobby";
  byssus::settings{"Says in a room what you type, and prints what the others say."}
      .add_link(options)
      .require("name", "NAME", "how the others see you; take one of your own",
               byssus::as_name(options.name))
      .add("room", "ROOM", "where to talk", byssus::as_name(room))
      .add_client(config)
      .epilogue(
          "Lines you can type:\n"
          "  /who   lists who is in the room\n"
          "  /quit  ends the chat, as Ctrl-C and, in a terminal, Ctrl-D do\n"
          "Any other line is said in the room. What is said under your own name is not printed.")
      .parse_or_exit(argc, argv);

  bool failed = false;          // callbacks may use these until the node is gone
  std::atomic<int> unsent = 0;  // lines that the node has not confirmed
  std::atomic<bool> entered = false;
  const auto let_in = [&] {
    entered = true;
    entered.notify_one();
  };
  try {
    byssus::node node{config};
    auto link = node.connect(options);

    // Callbacks of a link run one at a time, so they need no lock among themselves.
    tell_states(link, node, failed);

    auto talk = link.join(room, [name = options.name](const byssus::message& said) {
      if (said.sender != name)
        print(said);
    });
    // What is typed before that waits. If it fails, each line will say why it was not sent.
    talk.joined()
        .then([&](const byssus::joined&) { let_in(); })
        .or_else([&](const byssus::failure&) { let_in(); });

    // Answers come in order: with this one, all that was said before is with the others.
    const auto quit = [&] {
      talk.who()
          .then([&](const byssus::room_presence&) { node.stop(); })
          .or_else([&](const byssus::failure&) { node.stop(); });
    };

    const auto who = [&] {
      talk.who()
          .then([](const byssus::room_presence& present) { print(present); })
          .or_else([](const byssus::failure& why) { note("who: " + to_string(why)); });
    };
    const auto say = [&](const std::string& line) {
      talk.publish(line)
          .then([&](const byssus::receipt&) { --unsent; })
          .or_else([line](const byssus::failure& why) {
            note("not sent: " + line + " (" + to_string(why) + ')');
          });
    };

    std::jthread reader{[&](const std::stop_token& stop) {
      const std::stop_callback at_end{stop, let_in};
      const bool ended = read_lines(stop, [&](const std::string& line) {
        if (line.empty())
          return;
        if (line == "/quit")
          return quit();
        if (line != "/who")
          ++unsent;
        entered.wait(false);
        line == "/who" ? who() : say(line);
      });
      if (ended && isatty(STDIN_FILENO))
        quit();
    }};

    node.run();
  } catch (const byssus::startup_error& wrong) {
    std::cerr << "chat: " << wrong.what() << '\n';
    return 1;
  }
  return failed || unsent > 0 ? 1 : 0;
}
