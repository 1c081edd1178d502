#include "byssus/runtime/settings.hpp"

#include "byssus/protocol/names.hpp"
#include "byssus/runtime/detail/config_ranges.hpp"
#include "byssus/runtime/detail/settings_file.hpp"
#include "byssus/runtime/link.hpp"
#include "byssus/runtime/version.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace byssus {

namespace {

constexpr std::string_view sources_note =
    "What no flag says is taken from the environment, where --log-level is BYSSUS_LOG_LEVEL; what\n"
    "that does not say from the file of --config (or BYSSUS_CONFIG), in lines: log-level = debug.\n"
    "A variable that is empty counts as none.\n";

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

/// Null if there is none, or an empty one: `BYSSUS_TOPIC= program` is how shells leave one out.
const char* in_environment(const std::string& variable) {
  const auto* text = std::getenv(variable.c_str());
  return text != nullptr && *text != '\0' ? text : nullptr;
}

bool is_flag_name(std::string_view name) {
  return !name.empty() && name.front() != '-' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos;
}

bool is_in_every_program(std::string_view name) {
  return name == "help" || name == "version" || name == "config" || name == "check-config";
}

setting_reader in_range(std::size_t& into, const detail::range<std::size_t>& allowed) {
  return as_count(into, allowed.least, allowed.most);
}

setting_reader in_range(duration& into, const detail::range<duration>& allowed) {
  return as_duration(into, allowed.least, allowed.most);
}

/// In our words what CLI11 means by `At Most 1 required but received 2` and `1 required N missing`.
std::string in_words(const CLI::App& app, const CLI::ArgumentMismatch& wrong) {
  std::string words = wrong.what();
  const auto name = words.substr(0, words.find(':'));
  const auto* option = app.get_option_no_throw(name);
  if (option == nullptr)
    return words;
  return option->count() > 1 ? name + " is given twice"
                             : name + " needs " + option->get_type_name();
}

std::string surplus(const std::string& word) {
  return word + (word.starts_with('-') ? " is no flag of this program" : " belongs to no flag");
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
  const auto fault = [&](const char* why) { return std::logic_error{"settings: --" + name + why}; };
  if (!is_flag_name(name))
    throw fault(" is no name for a flag: small letters and hyphens, a letter first");
  if (is_in_every_program(name))
    throw fault(" is a flag of every program");
  if (std::any_of(entries_.begin(), entries_.end(),
                  [&](const auto& each) { return each.name == name; }))
    throw fault(" is added twice; add_node, add_client and add_link add some, too");
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
  add("listen", "HOST:PORT", "where others reach this node", as_listen_endpoint(into.listen));
  add("heartbeat", "TIME", "the longest interval at which clients shall ping",
      in_range(into.heartbeat, detail::heartbeat_range));
  add("most-connections", "N", "connections at a time; unless given, as descriptors allow",
      in_range(into.most_connections, detail::most_connections_range));
  add("most-per-address", "N", "connections of one address or IPv6 /64; unless given, any number",
      in_range(into.most_per_address, detail::most_per_address_range));
  add("most-listeners", "N", "plain clients that have never said a word",
      in_range(into.most_listeners, detail::most_listeners_range));
  add("accept-rate", "N", "connections accepted in a second; 0: any number",
      in_range(into.accept_rate, detail::accept_rate_range));
  add("hello-deadline", "TIME", "how long a client may take to say hello",
      in_range(into.hello_deadline, detail::hello_deadline_range));
  add("most-hello-bytes", "N", "how long a hello may be",
      in_range(into.most_hello_bytes, detail::most_hello_bytes_range));
  return add_client(into);
}

settings& settings::add_client(config& into) {
  add("reactors", "N", "event-loop threads; unless given, as fits the cores",
      in_range(into.reactors, detail::reactors_range));
  add("workers", "N", "threads for callbacks and actors; unless given, the other cores",
      in_range(into.workers, detail::workers_range));
  add("stats", "TIME",
      "how often to log what is alive in the node, at any log level; unless given, never",
      in_range(into.stats, detail::stats_range));
  return add("log-level", "LEVEL", "least severe lines to log: debug, info, warning or error",
             as_severity(into.log_level));
}

settings& settings::add_link(link_options& into) {
  require("node", "tcp://HOST:PORT", "the node to connect to", as_endpoint(into.endpoints));
  return add("heartbeat", "TIME", "how often to ping the node",
             in_range(into.heartbeat.interval, detail::heartbeat_range));
}

settings& settings::epilogue(std::string text) {
  epilogue_ = std::move(text);
  return *this;
}

std::optional<std::string> settings::parse(int argc, const char* const* argv) const {
  const auto program = program_name(argc, argv);
  std::vector<std::string> flags(entries_.size());
  std::string file;
  bool only_check = false;

  CLI::App app{about_, program};
  app.set_help_flag("-h,--help", "print this and exit");
  app.set_version_flag("--version", program + " (Byssus " + std::string{version()} + ")",
                       "print the version and exit");
  app.footer(std::string{sources_note} + (epilogue_.empty() ? "" : "\n") + epilogue_);
  app.allow_extras();
  std::vector<CLI::Option*> options;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto& each = entries_[i];
    options.push_back(
        app.add_option("--" + each.name, flags[i], each.help + (each.required ? "; needed" : ""))
            ->type_name(each.value)
            ->default_str(each.reader.initial));
  }
  auto* named = app.add_option("--config", file, "a file of settings")->type_name("FILE");
  app.add_flag("--check-config", only_check, "print the settings that hold, and exit");

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return app.help();
  } catch (const CLI::CallForVersion& asked) {
    return std::string{asked.what()} + '\n';
  } catch (const CLI::ArgumentMismatch& wrong) {
    throw mistake(program, in_words(app, wrong));
  } catch (const CLI::ParseError& wrong) {
    throw mistake(program, wrong.what());
  }
  if (const auto words = app.remaining(); !words.empty())
    throw mistake(program, surplus(words.front()));

  // From the weakest source to the strongest, so that each overrides those before, and is looked at
  // even if it is overridden.
  std::vector<origin> origins(entries_.size());
  try {
    if (named->count() > 0)
      read_file(file, "--config ", origins);
    else if (const auto* from_environment = in_environment("BYSSUS_CONFIG"))
      read_file(from_environment, "BYSSUS_CONFIG=", origins);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const auto variable = variable_of(entries_[i].name);
      if (const auto* text = in_environment(variable))
        read_one(i, variable + '=', (origins[i] = {text, variable}).text);
      if (options[i]->count() > 0)
        read_one(i, "--" + entries_[i].name + ' ', (origins[i] = {flags[i], "flag"}).text);
      if (entries_[i].required && origins[i].from.empty())
        throw std::runtime_error{"--" + entries_[i].name + ' ' + entries_[i].value + " is missing"};
    }
  } catch (const std::runtime_error& wrong) {
    throw mistake(program, wrong.what());
  }
  return only_check ? std::optional{in_effect(origins)} : std::nullopt;
}

void settings::read_one(std::size_t which, const std::string& key, const std::string& text) const {
  if (const auto allowed = entries_[which].reader.read(text))
    throw std::runtime_error{key + text + ": must be " + *allowed};
}

void settings::read_file(const std::string& file, const std::string& named_by,
                         std::vector<origin>& origins) const {
  for (const auto& line : detail::read_settings_file(file, named_by)) {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const auto& each) { return each.name == line.key; });
    if (found == entries_.end())
      throw std::runtime_error{line.where + ": " + line.key + " is no setting of this program"};
    const auto which = static_cast<std::size_t>(found - entries_.begin());
    read_one(which, line.where + ": " + line.key + " = ", line.value);
    origins[which] = {line.value, line.where};
  }
}

std::string settings::in_effect(const std::vector<origin>& origins) const {
  std::string lines;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto& each = entries_[i];
    const bool given = !origins[i].from.empty();
    const auto& text = given ? origins[i].text : each.reader.initial;
    lines +=
        given || !text.empty() ? each.name + " = " + detail::quoted(text) : "# " + each.name + " =";
    lines += "  # " + (given ? origins[i].from : "default") + '\n';
  }
  return lines;
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
