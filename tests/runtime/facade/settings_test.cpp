#include "byssus/runtime/settings.hpp"

#include "byssus/runtime/link.hpp"
#include "byssus/runtime/version.hpp"
#include "byssus/tests/catch.hpp"

#include <cstdlib>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

using namespace byssus;
using namespace std::chrono_literals;

namespace {

/// A program with one flag of each kind.
struct program {
  config node;
  std::string peer;
  std::string name = "ann";
  settings flags{"Tries every kind of flag."};

  program() {
    flags.add_node(node)
        .add("peer", "tcp://HOST:PORT", "somebody", as_endpoint(peer))
        .add("name", "NAME", "you", as_name(name));
  }

  std::optional<std::string> run(std::vector<const char*> words) {
    words.insert(words.begin(), "/usr/bin/program");
    return flags.parse(static_cast<int>(words.size()), words.data());
  }

  std::string mistake(const std::vector<const char*>& words) {
    try {
      static_cast<void>(run(words));
    } catch (const usage_error& wrong) {
      return wrong.what();
    }
    return "no mistake";
  }
};

/// Sets a variable for the life of a test.
struct variable {
  variable(const char* name_of, const char* value) : name(name_of) { setenv(name, value, 1); }
  ~variable() { unsetenv(name); }
  variable(const variable&) = delete;
  variable& operator=(const variable&) = delete;
  const char* name;
};

}  // namespace

TEST_CASE("settings: without flags every value keeps its default") {
  program it;
  CHECK_FALSE(it.run({}));
  CHECK_FALSE(it.node.listen);
  CHECK(it.node.heartbeat == 5s);
  CHECK(it.node.stats == 0s);
  CHECK(it.node.log_level == severity::info);
  CHECK(it.name == "ann");
}

TEST_CASE("settings: flags set values, in both spellings") {
  program it;
  CHECK_FALSE(it.run({"--listen", "[::1]:7400", "--heartbeat=200ms", "--reactors", "3",
                      "--workers=2", "--stats", "10s", "--log-level", "debug", "--peer",
                      "tcp://a.example:1", "--name=bob smith"}));
  CHECK(it.node.listen == endpoint{"::1", 7400});
  CHECK(it.node.heartbeat == 200ms);
  CHECK(it.node.reactors == 3);
  CHECK(it.node.workers == 2);
  CHECK(it.node.stats == 10s);
  CHECK(it.node.log_level == severity::debug);
  CHECK(it.peer == "tcp://a.example:1");
  CHECK(it.name == "bob smith");
}

TEST_CASE("settings: the environment sets what no flag says") {
  const variable heartbeat{"BYSSUS_HEARTBEAT", "1m"};
  const variable level{"BYSSUS_LOG_LEVEL", "error"};
  program it;
  CHECK_FALSE(it.run({"--log-level", "warning"}));
  CHECK(it.node.heartbeat == 1min);
  CHECK(it.node.log_level == severity::warning);
}

TEST_CASE("settings: a mistake in a flag is one line with key, value and what is allowed") {
  const struct {
    const char* key;
    const char* value;
    const char* allowed;
  } mistakes[] = {
      {"--listen", "7400", "must be HOST:PORT"},
      {"--listen", "127.0.0.1:70000", "to 65535"},
      {"--listen", "::1:7400", "must be HOST:PORT"},
      {"--heartbeat", "5", "must be a time from 10ms to 1h, as in 5s"},
      {"--heartbeat", "5ms", "must be a time from 10ms to 1h"},
      {"--heartbeat", "2h", "must be a time from 10ms to 1h"},
      {"--reactors", "0", "must be a number from 1 to 256"},
      {"--reactors", "2.5", "must be a number from 1 to 256"},
      {"--workers", "257", "must be a number from 1 to 256"},
      {"--stats", "0s", "must be a time from 100ms to 24h"},
      {"--log-level", "loud", "must be debug, info, warning or error"},
      {"--peer", "http://a:1", "must be tcp://HOST:PORT"},
      {"--peer", "tcp://a:0", "with a port from 1"},
      {"--name", "", "must be 1 to 255 bytes of UTF-8"},
      {"--name", "two\nlines", "must be 1 to 255 bytes of UTF-8"},
  };
  for (const auto& each : mistakes) {
    CAPTURE(each.key, each.value);
    program it;
    const auto line = it.mistake({each.key, each.value});
    CAPTURE(line);
    CHECK(line.starts_with(std::string{"program: "} + each.key + ' '));
    CHECK(line.find(each.allowed) != std::string::npos);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.ends_with("; see program --help"));
  }
}

TEST_CASE("settings: a mistake in the environment names the variable") {
  const variable reactors{"BYSSUS_REACTORS", "many"};
  program it;
  CHECK(it.mistake({}) ==
        "program: BYSSUS_REACTORS=many: must be a number from 1 to 256; see program --help");
}

TEST_CASE("settings: unknown flags, loose words and missing values are mistakes that name them") {
  const struct {
    std::vector<const char*> words;
    const char* line;
  } mistakes[] = {
      {{"--bogus"}, "program: --bogus is no flag of this program; see program --help"},
      {{"--bogus=5", "--more"},
       "program: --bogus=5 is no flag of this program; see program --help"},
      {{"loose", "words"}, "program: loose belongs to no flag; see program --help"},
      {{"--name", "a", "b"}, "program: b belongs to no flag; see program --help"},
      {{"--heartbeat"}, "program: --heartbeat needs TIME; see program --help"},
      {{"--name", "a", "--listen"}, "program: --listen needs HOST:PORT; see program --help"},
      {{"--name", "a", "--name", "b"}, "program: --name is given twice; see program --help"},
      {{"--config", "a", "--config=b"}, "program: --config is given twice; see program --help"},
  };
  for (const auto& each : mistakes) {
    program it;
    CHECK(it.mistake(each.words) == each.line);
  }
}

TEST_CASE("settings: a variable that is empty counts as none") {
  const variable level{"BYSSUS_LOG_LEVEL", ""};
  const variable peer{"BYSSUS_NAME", ""};
  const variable file{"BYSSUS_CONFIG", ""};
  program it;
  CHECK_FALSE(it.run({}));
  CHECK(it.node.log_level == severity::info);
  CHECK(it.name == "ann");
}

TEST_CASE("settings: a flag that is there already, or has no right name, is the program's fault") {
  const struct {
    const char* name;
    const char* words;
  } faults[] = {
      {"heartbeat",
       "settings: --heartbeat is added twice; add_node, add_client and add_link add "
       "some, too"},
      {"help", "settings: --help is a flag of every program"},
      {"version", "settings: --version is a flag of every program"},
      {"config", "settings: --config is a flag of every program"},
      {"check-config", "settings: --check-config is a flag of every program"},
      {"", "settings: -- is no name for a flag: small letters and hyphens, a letter first"},
      {"-x", "settings: ---x is no name for a flag: small letters and hyphens, a letter first"},
      {"A b", "settings: --A b is no name for a flag: small letters and hyphens, a letter first"},
  };
  for (const auto& each : faults) {
    program it;
    std::string text;
    CHECK_THROWS_WITH(it.flags.add(each.name, "X", "twice", as_text(text)), each.words);
  }
  settings before{"Adds its own first."};
  duration span{1s};
  config node;
  before.add("heartbeat", "TIME", "of its own", as_duration(span, 1s, 2s));
  CHECK_THROWS_AS(before.add_node(node), std::logic_error);
}

TEST_CASE("settings: those of a link are its node, which is needed, and its heartbeat") {
  link_options link;
  settings flags{"Makes a link."};
  flags.add_link(link);
  const std::vector<const char*> none{"program"};
  CHECK_THROWS_WITH(static_cast<void>(flags.parse(1, none.data())),
                    "program: --node tcp://HOST:PORT is missing; see program --help");
  const std::vector<const char*> words{"program", "--node", "tcp://a:1", "--heartbeat", "20ms"};
  CHECK_FALSE(flags.parse(5, words.data()));
  CHECK(link.endpoints == std::vector<std::string>{"tcp://a:1"});
  CHECK(link.heartbeat.interval == 20ms);
  const std::vector<const char*> wrong{"program", "--node", "a"};
  CHECK_THROWS_AS(static_cast<void>(flags.parse(3, wrong.data())), usage_error);
}

TEST_CASE("settings: what is required and missing is a mistake, unless the environment has it") {
  program it;
  std::string token;
  it.flags.require("token", "WORD", "a word", as_text(token));
  CHECK(it.mistake({}) == "program: --token WORD is missing; see program --help");
  const variable from_environment{"BYSSUS_TOKEN", "abc"};
  CHECK_FALSE(it.run({}));
  CHECK(token == "abc");
}

TEST_CASE("settings: help names every flag with its default, and says what the program does") {
  program it;
  it.flags.epilogue("The last line.");
  const auto help = it.run({"--help"});
  REQUIRE(help);
  for (const auto* part :
       {"Tries every kind of flag.", "--listen HOST:PORT", "--heartbeat TIME", "5s", "--reactors N",
        "--workers N", "--log-level LEVEL", "info", "--peer", "--name NAME", "ann", "--version",
        "BYSSUS_LOG_LEVEL", "\n\nThe last line."}) {
    CAPTURE(part);
    CHECK(help->find(part) != std::string::npos);
  }
}

TEST_CASE("settings: version says the program and the library's version") {
  program it;
  CHECK(it.run({"--version"}) == "program (Byssus " + std::string{version()} + ")\n");
}

TEST_CASE("config: reactors and workers together are no more than the cores") {
  config listens;
  listens.listen = endpoint{"127.0.0.1", 0};
  for (const std::size_t cores : {2U, 3U, 4U, 16U}) {
    const auto node = sized(listens, cores);
    CHECK(node.reactors + node.workers == cores);
    const auto client = sized(config{}, cores);
    CHECK(client.reactors == 1);
    CHECK(client.workers == cores - 1);
  }
  CHECK(sized(config{}, 1).workers == 1);
  listens.reactors = 7;
  CHECK(sized(listens, 2).reactors == 7);
}

TEST_CASE("config: a field out of its range is named, with the range") {
  const struct {
    config wrong;
    const char* line;
  } flaws[] = {
      {{.reactors = 257}, "reactors: must be from 1 to 256, or 0"},
      {{.workers = 1'000}, "workers: must be from 1 to 256, or 0"},
      {{.heartbeat = 0s}, "heartbeat: must be from 10ms to 1h"},
      {{.heartbeat = -5s}, "heartbeat: must be from 10ms to 1h"},
      {{.most_connections = 1'000'001}, "most_connections: must be from 1 to 1000000, or 0"},
      {{.most_per_address = 1'000'001}, "most_per_address: must be from 1 to 1000000, or 0"},
      {{.most_listeners = 1'000'001}, "most_listeners: must be from 0 to 1000000"},
      {{.accept_rate = 1'000'000'000'000}, "accept_rate: must be from 0 to 1000000"},
      {{.hello_deadline = 0s}, "hello_deadline: must be from 100ms to 10m"},
      {{.hello_deadline = -1s}, "hello_deadline: must be from 100ms to 10m"},
      {{.most_hello_bytes = 1}, "most_hello_bytes: must be from 64 to 16384"},
      {{.most_hello_bytes = 1'000'000'000}, "most_hello_bytes: must be from 64 to 16384"},
      {{.stats = 1ns}, "stats: must be from 100ms to 24h, or 0"},
  };
  for (const auto& each : flaws)
    CHECK(validate(each.wrong) == each.line);
  CHECK(validate(config{}).empty());
  CHECK(validate(config{.reactors = 256,
                        .heartbeat = 10ms,
                        .most_listeners = 0,
                        .accept_rate = 0,
                        .hello_deadline = 10min,
                        .most_hello_bytes = 64})
            .empty());
}
