/// Pushes a feed to all who listen: how busy this machine is, every second, and the lines that are
/// typed here. Listen with the program `push`, with a program of yours, or in the lobby with
/// netcat.
#include "lines.hpp"
#include <byssus/byssus.hpp>
#include <condition_variable>
#include <fstream>
#include <iostream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>

namespace {

/// `load 0.42 0.31 0.20, tasks 3/512, memory 41 % used`, from Linux's /proc.
std::string figures() {
  std::string one, five, fifteen, tasks;
  std::ifstream{"/proc/loadavg"} >> one >> five >> fifteen >> tasks;
  double total = 0, available = 0;
  std::ifstream memory{"/proc/meminfo"};
  for (std::string line; std::getline(memory, line);) {
    std::string key;
    double kilobytes = 0;
    std::istringstream{line} >> key >> kilobytes;
    if (key == "MemTotal:")
      total = kilobytes;
    else if (key == "MemAvailable:")
      available = kilobytes;
  }
  const int used = total > 0 ? static_cast<int>(100 * (total - available) / total) : 0;
  return "load " + one + ' ' + five + ' ' + fifteen + ", tasks " + tasks + ", memory " +
         std::to_string(used) + " % used";
}

/// Calls `tell` every `span`, until `stop` is requested.
void tell_every(byssus::duration span, const std::stop_token& stop,
                const std::function<void()>& tell) {
  std::mutex lock;
  std::condition_variable_any stopped;
  std::unique_lock guard{lock};
  while (!stopped.wait_for(guard, stop, span, [&] { return stop.stop_requested(); }))
    tell();
}

}  // namespace

int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  byssus::config config{.listen = byssus::endpoint{"127.0.0.1", 7401}};
  std::string topic = "load";
  byssus::duration every = 1s;
  byssus::settings{"Pushes this machine's load, and what you type, to all who listen."}
      .add("topic", "TOPIC", "the room to push to", byssus::as_name(topic))
      .add("every", "TIME", "how often to push the load", byssus::as_duration(every, 1ms, 24h))
      .add_node(config)
      .epilogue(
          "Then, in other terminals:\n"
          "  push --node tcp://127.0.0.1:7401")
      .parse_or_exit(argc, argv);

  try {
    byssus::node node{config};
    const auto push = [&](const std::string& line) {
      if (const auto refused = node.publish(topic, line); refused != byssus::errc::none)
        std::cerr << "not pushed: " + std::string{sentence(refused)} + '\n';
    };
    std::jthread ticker{
        [&](const std::stop_token& stop) { tell_every(every, stop, [&] { push(figures()); }); }};
    std::jthread reader{[&](const std::stop_token& stop) {
      read_lines(stop, [&](const std::string& line) {
        if (!line.empty())
          push(line);
      });
    }};
    node.run();
  } catch (const byssus::startup_error& wrong) {
    std::cerr << "push_node: " << wrong.what() << '\n';
    return 1;
  }
}
