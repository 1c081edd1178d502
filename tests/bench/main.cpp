#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "commands.hpp"
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>

namespace {

using namespace byssus::bench;

const std::map<std::string, tongue> tongues{
    {"raw", tongue::raw}, {"framed", tongue::framed}, {"plain", tongue::plain}};

/// The shipped chat node, beside this program.
std::string default_node(const std::string& self) {
  return (std::filesystem::path{self}.parent_path() / "chat_node").string();
}

}  // namespace

int main(int argc, char** argv) {
  const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
  echo_settings echo;
  idle_settings idle;
  echo_load_settings echo_load;
  idle_load_settings idle_load;
  std::string against = "raw";
  echo.self = idle.self = self;
  echo.node = idle.node = default_node(self);

  CLI::App app{"Measures the shipped chat node. Figures are JSON, one object a line."};
  app.require_subcommand(1);

  auto* echoes = app.add_subcommand(
      "echo", "round trips through the node's echo service, beside a bare epoll loop");
  echoes->add_option("--against", against, "what to compare with")
      ->check(CLI::IsMember({"raw"}))
      ->capture_default_str();
  echoes->add_option("--connections", echo.connections, "how many; may be given several times")
      ->check(CLI::Range(1, 15'000))
      ->capture_default_str();
  echoes->add_option("--size", echo.size, "bytes of a payload")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  echoes->add_option("--rounds", echo.rounds, "of each server, alternately")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  echoes->add_option("--seconds", echo.seconds, "that a round measures")
      ->check(CLI::Range(0.05, 3600.0))
      ->capture_default_str();
  echoes->add_option("--at-least", echo.at_least, "fail if a median ratio is lower")
      ->capture_default_str();
  echoes->add_option("--node", echo.node, "the node's program")->capture_default_str();

  auto* idles = app.add_subcommand("idle", "resident memory of the node per idle connection");
  idles->add_option("--connections", idle.connections, "how many at last")
      ->check(CLI::Range(2, 19'000))
      ->capture_default_str();
  idles->add_option("--base", idle.base, "how many at first; the slope counts")
      ->check(CLI::Range(1, 18'000))
      ->capture_default_str();
  idles->add_flag("--plain", idle.plain, "plain mode instead of frames");
  idles->add_option("--at-most", idle.at_most, "fail if it is more, in bytes; 0: never")
      ->capture_default_str();
  idles->add_option("--node", idle.node, "the node's program")->capture_default_str();

  auto* raw = app.add_subcommand("raw-echo")->group("");
  auto* echo_loads = app.add_subcommand("echo-load")->group("");
  echo_loads->add_option("--port", echo_load.port);
  echo_loads->add_option("--speaks", echo_load.speaks)->transform(CLI::CheckedTransformer(tongues));
  echo_loads->add_option("--connections", echo_load.connections);
  echo_loads->add_option("--size", echo_load.size);
  echo_loads->add_option("--seconds", echo_load.seconds);
  echo_loads->add_option("--server", echo_load.server);
  auto* idle_loads = app.add_subcommand("idle-load")->group("");
  idle_loads->add_option("--port", idle_load.port);
  idle_loads->add_option("--speaks", idle_load.speaks)->transform(CLI::CheckedTransformer(tongues));

  CLI11_PARSE(app, argc, argv);
  try {
    if (raw->parsed())
      return run_raw_echo();
    if (echo_loads->parsed())
      return run_echo_load(echo_load);
    if (idle_loads->parsed())
      return run_idle_load(idle_load);
    if (idles->parsed() && idle.base >= idle.connections) {
      std::fprintf(stderr, "byssus_bench: --base must be less than --connections\n");
      return 2;
    }
    return echoes->parsed() ? run_echo(echo) : run_idle(idle);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "byssus_bench: %s\n", failure.what());
    return 1;
  }
}
