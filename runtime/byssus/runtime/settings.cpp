#include "byssus/runtime/settings.hpp"

#include "byssus/protocol/names.hpp"
#include "byssus/runtime/version.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>

namespace byssus {

namespace {

constexpr std::string_view environment_note =
    "What no flag says is taken from the environment: --log-level is BYSSUS_LOG_LEVEL there.\n";

std::string program_name(int argc, const char* const* argv) {
  const std::string_view path = argc > 0 ? argv[0] : "program";
  return std::string{path.substr(path.rfind('/') + 1)};
}

std::string variable_of(const std::string& name) {
  std::string variable = "BYSSUS_" + name;
  std::transform(variable.begin(), variable.end(), variable.begin(), [](char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  });
  return variable;
}

/// One line, whatever the user wrote.
usage_error mistake(const std::string& program, const std::string& what) {
  return usage_error{program + ": " + protocol::one_line(what, 1000) + "; see " + program +
                     " --help"};
}

}  // namespace

settings::settings(std::string about) : about_(std::move(about)) {}

settings& settings::add(std::string name, std::string value, std::string help,
                        setting_reader reader) {
  entries_.push_back(
      {std::move(name), std::move(value), std::move(help), std::move(reader), false});
  return *this;
}

settings& settings::require(std::string name, std::string value, std::string help,
                            setting_reader reader) {
  add(std::move(name), std::move(value), std::move(help), std::move(reader));
  entries_.back().required = true;
  return *this;
}

settings& settings::add_node(config& into) {
  using namespace std::chrono_literals;
  add("listen", "HOST:PORT", "where others reach this node", as_listen_endpoint(into.listen));
  add("heartbeat", "TIME", "the longest interval at which clients shall ping",
      as_duration(into.heartbeat, 10ms, 1h));
  return add_client(into);
}

settings& settings::add_client(config& into) {
  using namespace std::chrono_literals;
  add("reactors", "N", "event-loop threads; unless given, as fits the cores",
      as_count(into.reactors, 1, 256));
  add("workers", "N", "threads for callbacks and actors; unless given, the other cores",
      as_count(into.workers, 1, 256));
  add("stats", "TIME", "how often to log what is alive in the node; unless given, never",
      as_duration(into.stats, 100ms, 24h));
  return add("log-level", "LEVEL", "least severe lines to log: debug, info, warning or error",
             as_severity(into.log_level));
}

settings& settings::epilogue(std::string text) {
  epilogue_ = std::move(text);
  return *this;
}

std::optional<std::string> settings::parse(int argc, const char* const* argv) const {
  const auto program = program_name(argc, argv);
  CLI::App app{about_, program};
  app.set_help_flag("-h,--help", "print this and exit");
  app.set_version_flag("--version", program + " (Byssus " + std::string{version()} + ")",
                       "print the version and exit");
  app.footer(std::string{environment_note} + epilogue_);

  std::vector<std::string> texts(entries_.size());
  std::vector<CLI::Option*> flags;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto& each = entries_[i];
    flags.push_back(
        app.add_option("--" + each.name, texts[i], each.help + (each.required ? "; needed" : ""))
            ->type_name(each.value)
            ->default_str(each.reader.initial));
  }

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return app.help();
  } catch (const CLI::CallForVersion& asked) {
    return std::string{asked.what()} + '\n';
  } catch (const CLI::ParseError& wrong) {
    throw mistake(program, wrong.what());
  }

  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto& each = entries_[i];
    const auto variable = variable_of(each.name);
    const char* from_environment = std::getenv(variable.c_str());
    const bool flagged = flags[i]->count() > 0;
    if (!flagged && from_environment == nullptr) {
      if (each.required)
        throw mistake(program, "--" + each.name + ' ' + each.value + " is missing");
      continue;
    }
    const std::string text = flagged ? texts[i] : from_environment;
    if (const auto allowed = each.reader.read(text)) {
      const auto key = flagged ? "--" + each.name + ' ' : variable + '=';
      throw mistake(program, key + text + ": must be " + *allowed);
    }
  }
  return std::nullopt;
}

void settings::parse_or_exit(int argc, const char* const* argv) const {
  try {
    if (const auto text = parse(argc, argv)) {
      std::fputs(text->c_str(), stdout);
      std::exit(EXIT_SUCCESS);
    }
  } catch (const usage_error& wrong) {
    std::fprintf(stderr, "%s\n", wrong.what());
    std::exit(2);
  }
}

}  // namespace byssus
