/// A chat node: rooms that anybody may enter who reaches its port, with the program `chat`, with a
/// program of yours, or with netcat.
#include <byssus/byssus.hpp>
#include <iostream>

int main(int argc, char** argv) {
  byssus::config config{.listen = byssus::endpoint{"127.0.0.1", 7400}};
  byssus::settings{"Runs a chat node until Ctrl-C."}
      .add_node(config)
      .epilogue(
          "Then, in other terminals:\n"
          "  chat --node tcp://127.0.0.1:7400 --name ann\n"
          "  nc 127.0.0.1 7400")
      .parse_or_exit(argc, argv);

  try {
    byssus::node node{config};
    // What comes back at once, so that a client can tell how far away the node is.
    node.serve_inline("echo", [](const byssus::service_call& call, byssus::service_answer& answer) {
      answer.reply(call.kind, call.payload);
    });
    node.run();
  } catch (const byssus::startup_error& wrong) {
    std::cerr << "chat_node: " << wrong.what() << '\n';
    return 1;
  }
}
