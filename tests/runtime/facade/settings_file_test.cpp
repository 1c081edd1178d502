#include "byssus/runtime/settings.hpp"
#include "byssus/tests/catch.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <string>
#include <unistd.h>
#include <vector>

using namespace byssus;
using namespace std::chrono_literals;

namespace {

/// A configuration file for the life of a test.
class settings_file {
public:
  explicit settings_file(const std::string& text) {
    std::string pattern{"/tmp/byssus-settings-XXXXXX"};
    close(mkstemp(pattern.data()));
    name_ = pattern;
    std::ofstream{name_} << text;
  }
  ~settings_file() { std::remove(name_.c_str()); }
  settings_file(const settings_file&) = delete;
  settings_file& operator=(const settings_file&) = delete;

  const std::string& name() const noexcept { return name_; }

private:
  std::string name_;
};

struct program {
  config node;
  std::string name = "ann";
  settings flags{"Reads a file."};

  program() { flags.add_node(node).add("name", "NAME", "you", as_name(name)); }

  std::optional<std::string> run(std::vector<std::string> words) {
    std::vector<const char*> all{"program"};
    for (const auto& word : words)
      all.push_back(word.c_str());
    return flags.parse(static_cast<int>(all.size()), all.data());
  }

  /// The one line about what is wrong with `text`, with `FILE` for its name.
  std::string mistake(const std::string& text) {
    const settings_file file{text};
    try {
      static_cast<void>(run({"--config", file.name()}));
    } catch (const usage_error& wrong) {
      std::string line = wrong.what();
      for (auto at = line.find(file.name()); at != std::string::npos; at = line.find(file.name()))
        line.replace(at, file.name().size(), "FILE");
      return line;
    }
    return "no mistake";
  }
};

}  // namespace

TEST_CASE("settings file: each line sets what a flag of that name would") {
  const settings_file file{
      "# a node\n\n"
      "listen = \"[::]:7400\"\n"
      "  heartbeat=2s   # often\n"
      "; most-connections = 5\n"
      "most-connections = 300\r\n"
      "name = \"bob smith\"\n"
      "log-level = 'debug'"};
  program it;
  CHECK_FALSE(it.run({"--config", file.name()}));
  CHECK(it.node.listen == endpoint{"::", 7400});
  CHECK(it.node.heartbeat == 2s);
  CHECK(it.node.most_connections == 300);
  CHECK(it.name == "bob smith");
  CHECK(it.node.log_level == severity::debug);
  CHECK(it.node.accept_rate == 10'000);
}

TEST_CASE("settings file: flags go before the environment, and that before the file") {
  const settings_file file{"heartbeat = 2s\nreactors = 2\nworkers = 2\n"};
  setenv("BYSSUS_CONFIG", file.name().c_str(), 1);
  setenv("BYSSUS_REACTORS", "3", 1);
  setenv("BYSSUS_WORKERS", "3", 1);
  program it;
  CHECK_FALSE(it.run({"--workers", "4"}));
  for (const auto* name : {"BYSSUS_CONFIG", "BYSSUS_REACTORS", "BYSSUS_WORKERS"})
    unsetenv(name);
  CHECK(it.node.heartbeat == 2s);
  CHECK(it.node.reactors == 3);
  CHECK(it.node.workers == 4);
}

TEST_CASE("settings file: a mistake is one line with file, line and key") {
  const struct {
    const char* text;
    const char* line;
  } mistakes[] = {
      {"\n# x\nheartbeat = 5\n", "FILE:3: heartbeat = 5: must be a time from 10ms to 1h"},
      {"heart = 5s\n", "FILE:1: heart is no setting of this program"},
      {"config = other\n", "FILE:1: config is no setting of this program"},
      {"heartbeat = 5s\n\nheartbeat = 6s\n", "FILE:3: heartbeat is set already, at FILE:1"},
      {"reactors = 1\nworkers\n", "FILE:2: workers: must be KEY = VALUE"},
      {"x\n", "FILE:1: x: must be KEY = VALUE"},
      {"= 5\n", "FILE:1: = 5: must be KEY = VALUE"},
      {"[node]\nreactors = 1\n", "FILE:1: [node]: there are no sections"},
      {"node.reactors = 1\n", "FILE:1: node.reactors is no setting of this program"},
      {"name = bob smith\n", "FILE:1: name = bob smith: must be one value, in quotes"},
      {"reactors = [1, 2]\n", "FILE:1: reactors = [1, 2]: must be one value, in quotes"},
      {"reactors =\n", "FILE:1: reactors = : must be a number from 1 to 256"},
      {"listen = chat.example:7400\n",
       "FILE:1: listen = chat.example:7400: must be HOST:PORT with"},
      {"most-hello-bytes = 63\n",
       "FILE:1: most-hello-bytes = 63: must be a number from 64 to 16384"},
  };
  for (const auto& each : mistakes) {
    CAPTURE(each.text);
    program it;
    const auto line = it.mistake(each.text);
    CAPTURE(line);
    CHECK(line.starts_with(std::string{"program: "} + each.line));
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.ends_with("; see program --help"));
  }
}

TEST_CASE("settings file: in quotes a # is a #, and a quote that is not closed is a mistake") {
  const struct {
    const char* text;
    const char* name;
  } values[] = {
      {R"(name = "a#b")", "a#b"},
      {R"(name = "a#b"# said twice "#")", "a#b"},
      {R"(name = 'say "hi", \n')", R"(say "hi", \n)"},
      {R"(name = "say \"hi\"" # "quoted")", R"(say "hi")"},
      {R"(name = "back\\slash")", "back\\slash"},
      {"name = o'neill-#4", nullptr},
      {"name = ann#comment", "ann"},
  };
  for (const auto& each : values) {
    CAPTURE(each.text);
    const settings_file file{each.text};
    program it;
    if (each.name == nullptr) {
      CHECK(it.mistake(each.text).starts_with("program: FILE:1: name = o'neill-#4: must be one"));
      continue;
    }
    CHECK_FALSE(it.run({"--config", file.name()}));
    CHECK(it.name == each.name);
  }
  for (const auto* text : {"name = \"a#b", "name = 'a", "name = \"a\\\""}) {
    program it;
    CHECK(it.mistake(text) ==
          std::string{"program: FILE:1: "} + text + ": a quote is not closed; see program --help");
  }
  program it;
  CHECK(it.mistake("name = \"C:\\dir\"").find("a \\ must be written \\\\;") != std::string::npos);
  CHECK(it.mistake("name = \"a\"b\"").find("must be one value") != std::string::npos);
}

TEST_CASE("settings file: --check-config prints whatever value so that it reads back") {
  for (const std::string value :
       {"a#b", "\"", "'", "\"'#", "\\", "\\n", "a\nb\r\t", "", " ", ", ]", "a = b # c"}) {
    CAPTURE(value);
    std::string text;
    settings flags{"Prints a value."};
    flags.add("text", "TEXT", "any", as_text(text));
    const std::vector<const char*> words{"program", "--text", value.c_str(), "--check-config"};
    const auto printed = flags.parse(4, words.data());
    REQUIRE(printed);
    text = "none";
    const settings_file file{*printed};
    const std::vector<const char*> again{"program", "--config", file.name().c_str()};
    CHECK_FALSE(flags.parse(3, again.data()));
    CHECK(text == value);
  }
}

TEST_CASE("settings file: what a flag overrides must be right all the same") {
  const settings_file file{"reactors = many\n"};
  program it;
  CHECK_THROWS_AS(static_cast<void>(it.run({"--config", file.name(), "--reactors", "1"})),
                  usage_error);
}

TEST_CASE("settings file: one that cannot be read is named") {
  program it;
  for (const auto* name : {"/nonexistent/file", "/tmp"}) {
    try {
      static_cast<void>(it.run({"--config", name}));
      FAIL("read it");
    } catch (const usage_error& wrong) {
      CHECK(std::string{wrong.what()}.starts_with(std::string{"program: --config "} + name + ": "));
    }
  }
  setenv("BYSSUS_CONFIG", "/nonexistent/file", 1);
  CHECK_THROWS_WITH(static_cast<void>(it.run({})),
                    "program: BYSSUS_CONFIG=/nonexistent/file: No such file or directory; see "
                    "program --help");
  unsetenv("BYSSUS_CONFIG");
}

TEST_CASE("settings file: --check-config prints what holds and where it is said, as such a file") {
  const settings_file file{"heartbeat = 2s\nname = \"bob smith\"\n"};
  setenv("BYSSUS_REACTORS", "3", 1);
  program it;
  const auto text = it.run({"--config", file.name(), "--check-config", "--listen", "[::1]:0"});
  unsetenv("BYSSUS_REACTORS");
  REQUIRE(text);
  for (const auto& line : std::initializer_list<std::string>{
           "listen = \"[::1]:0\"  # flag\n", "heartbeat = \"2s\"  # " + file.name() + ":1\n",
           "reactors = \"3\"  # BYSSUS_REACTORS\n", "accept-rate = \"10000\"  # default\n",
           "# workers =  # default\n"}) {
    CAPTURE(line);
    CHECK(text->find(line) != std::string::npos);
  }
  program same;
  const settings_file printed{*text};
  CHECK_FALSE(same.run({"--config", printed.name()}));
  CHECK(same.node.listen == endpoint{"::1", 0});
  CHECK(same.node.heartbeat == 2s);
  CHECK(same.node.reactors == 3);
  CHECK(same.name == "bob smith");
}
