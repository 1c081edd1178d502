#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "commands.hpp"
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace {

using namespace byssus::bench;

const std::map<std::string, tongue> tongues{{name(tongue::raw), tongue::raw},
                                            {name(tongue::framed), tongue::framed},
                                            {name(tongue::plain), tongue::plain}};

void describe(CLI::App& to, echo_settings& echo) {
  static std::string against = "raw";
  to.add_option("--against", against, "what to compare with")
      ->check(CLI::IsMember({"raw"}))
      ->capture_default_str();
  to.add_option("--connections", echo.connections, "how many; may be given several times")
      ->check(CLI::Range(1, 15'000))
      ->capture_default_str();
  to.add_option("--size", echo.size, "bytes of a payload")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  to.add_option("--rounds", echo.rounds, "of each server, alternately")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  to.add_option("--seconds", echo.seconds, "that a round measures")
      ->check(CLI::Range(0.05, 3600.0))
      ->capture_default_str();
  to.add_option(
        "--at-least", echo.at_least,
        "fail if the median of judged_ratio is lower: of each round's ratio, or, if the load was "
        "behind (idle for less than 5 % of the time), the lower of ratio and cpu_ratio, "
        "which is by round trips for a second of the servers' own time")
      ->capture_default_str();
}

void describe(CLI::App& to, idle_settings& idle) {
  to.add_option("--connections", idle.connections, "how many at last")
      ->check(CLI::Range(2, 19'000))
      ->capture_default_str();
  to.add_option("--base", idle.base, "how many at first; the slope counts")
      ->check(CLI::Range(1, 18'000))
      ->capture_default_str();
  to.add_flag("--plain", idle.plain, "plain mode instead of frames");
  to.add_option("--settling", idle.settling,
                "seconds to idle before memory is looked at; a heartbeat, 5, and some more")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  to.add_option("--at-most", idle.at_most, "fail if it is more, in bytes; 0: never")
      ->capture_default_str();
}

void describe(CLI::App& to, soak_settings& soak) {
  to.add_option("--connections", soak.connections, "how many come each time")
      ->check(CLI::Range(1, 19'000))
      ->capture_default_str();
  to.add_option("--rounds", soak.rounds, "how often")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  to.add_option("--seconds", soak.seconds, "how long they stay")
      ->check(CLI::Range(0.1, 86400.0))
      ->capture_default_str();
  to.add_option("--at-most", soak.at_most,
                "fail if memory grows by more than this factor from the first round to the last")
      ->capture_default_str();
}

void describe(CLI::App& to, echo_load_settings& load) {
  to.add_option("--port", load.port);
  to.add_option("--speaks", load.speaks)->transform(CLI::CheckedTransformer(tongues));
  to.add_option("--connections", load.connections);
  to.add_option("--size", load.size);
  to.add_option("--seconds", load.seconds);
  to.add_option("--server", load.server);
}

void describe(CLI::App& to, idle_load_settings& load) {
  to.add_option("--port", load.port);
  to.add_option("--speaks", load.speaks)->transform(CLI::CheckedTransformer(tongues));
}

/// A measurement: a subcommand, its settings, and the function that they are for.
template <class Settings>
class command {
public:
  command(CLI::App& program, const std::string& name, const std::string& about,
          int (*run)(const Settings&))
      : app_(program.add_subcommand(name, about)), run_(run) {
    describe(*app_, settings_);
    if constexpr (requires { settings_.node; }) {
      settings_.self = std::filesystem::read_symlink("/proc/self/exe").string();
      // The shipped one, beside this program.
      settings_.node = (std::filesystem::path{settings_.self}.parent_path() / "chat_node").string();
      app_->add_option("--node", settings_.node, "the node's program")->capture_default_str();
    } else {
      app_->group("");  // not for people
    }
  }

  std::optional<int> run_if_asked() const {
    return app_->parsed() ? std::optional{run_(settings_)} : std::nullopt;
  }

private:
  Settings settings_;
  CLI::App* app_;
  int (*run_)(const Settings&);
};

}  // namespace

int main(int argc, char** argv) {
  // A child that has ended is an error of this program, not the end of it.
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app{
      "Measures the shipped chat node. Figures are JSON, one object a line. Exit code 77: this "
      "process may not open that many files."};
  app.require_subcommand(1);
  const command<echo_settings> echo{
      app, "echo", "round trips through the node's echo service, beside a bare epoll loop",
      run_echo};
  const command<idle_settings> idle{app, "idle", "resident memory of the node per idle connection",
                                    run_idle};
  const command<soak_settings> soak{
      app, "soak", "what the node keeps of clients that came, stayed a while and left", run_soak};
  const command<echo_load_settings> echo_load{app, "echo-load", {}, run_echo_load};
  const command<idle_load_settings> idle_load{app, "idle-load", {}, run_idle_load};
  const auto* raw_echo = app.add_subcommand("raw-echo")->group("");
  CLI11_PARSE(app, argc, argv);
  try {
    for (const auto& ran : {echo.run_if_asked(), idle.run_if_asked(), soak.run_if_asked(),
                            echo_load.run_if_asked(), idle_load.run_if_asked()}) {
      if (ran)
        return *ran;
    }
    return raw_echo->parsed() ? run_raw_echo() : 2;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "byssus_bench: %s\n", failure.what());
    return 1;
  }
}
