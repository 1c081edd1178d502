#pragma once

#include "byssus/runtime/config.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// The flags of a program. A complete one:
///
/// ```cpp
/// int main(int argc, char** argv) {
///   byssus::config config;
///   std::string room = "lobby";
///   byssus::settings{"Says the time in a room, every minute."}
///       .add("room", "ROOM", "where to say it", byssus::as_name(room))
///       .add_client(config)
///       .parse_or_exit(argc, argv);
///   …
/// ```

namespace byssus {

struct link_options;

/// How the text of one setting becomes a value. Made by the `as_…` functions below, or by an app.
struct setting_reader {
  /// Stores the value, or returns what would be allowed, as in `a number from 1 to 256`.
  std::function<std::optional<std::string>(std::string_view text)> read;

  /// The default as `--help` shows it; empty: none.
  std::string initial;
};

// Each stores into its argument, which outlives the parsing, and whose present value is the
// default.
/// Any text, as it is.
setting_reader as_text(std::string& into);
/// A name of a room or client: 1 to 255 bytes of UTF-8 without controls.
setting_reader as_name(std::string& into);
/// A whole number from `least` to `most`.
setting_reader as_count(std::size_t& into, std::size_t least, std::size_t most);
/// A number with its unit, as in `5s`, `200ms`, `1m`, `1h`, `0.5s`. A present value of zero is no
/// default.
setting_reader as_duration(duration& into, duration least, duration most);
/// `debug`, `info`, `warning` or `error`.
setting_reader as_severity(severity& into);
/// `HOST:PORT` or `tcp://HOST:PORT`, with a port from 1.
setting_reader as_endpoint(std::string& into);
/// As above, the only one.
setting_reader as_endpoint(std::vector<std::string>& into);
/// `HOST:PORT`, the host in numbers, as in `0.0.0.0` or `[::]`, or `localhost`; port 0 is one that
/// the system chooses.
setting_reader as_listen_endpoint(std::optional<endpoint>& into);

/// What a user wrote cannot be meant. `what()` is one line that names the key, the value and what
/// is allowed.
class usage_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// A program's settings: from flags, `--log-level debug` or `--log-level=debug`; for what those do
/// not say from the environment, `BYSSUS_LOG_LEVEL=debug`; and for what that does not say from a
/// file with lines like `log-level = debug`, which `--config FILE` or `BYSSUS_CONFIG` names. What
/// is overridden must be right all the same. A variable that is empty counts as none. Every program
/// has `--help`, `--version` and `--check-config` besides; the last prints what holds, and where it
/// is said, in the form of such a file.
class settings {
public:
  /// `about`: what the program does, in a sentence or a few lines, for `--help`.
  explicit settings(std::string about);

  /// Adds `--NAME VALUE`. `help` says what it is for. Throws `std::logic_error` with a sentence if
  /// the precondition does not hold. @pre `name` is of small letters and hyphens, begins with a
  /// letter, and is new: neither `help`, `version`, `config` nor `check-config`, nor one that was
  /// added, by `add_node` for instance.
  settings& add(std::string name, std::string value, std::string help, setting_reader reader);

  /// As `add`; the program does not start without it.
  settings& require(std::string name, std::string value, std::string help, setting_reader reader);

  /// Adds the flags of a node that listens: all of `config`.
  settings& add_node(config& into);

  /// Adds those of a node that only makes links: reactors, workers, stats, log-level.
  settings& add_client(config& into);

  /// Adds those of a link: `--node`, without which the program does not start, and `--heartbeat`.
  settings& add_link(link_options& into);

  /// Adds lines to the end of `--help`.
  settings& epilogue(std::string text);

  /// Reads everything into the variables that were named. Returns the text to print if the user
  /// asked for `--help`, `--version` or `--check-config`. Throws `usage_error`.
  [[nodiscard]] std::optional<std::string> parse(int argc, const char* const* argv) const;

  /// As `parse`, for `main`: prints what is to be printed and ends the process with code 0, or 2
  /// after a mistake. Returns if the program shall run.
  void parse_or_exit(int argc, const char* const* argv) const;

private:
  struct entry {
    std::string name;
    std::string value;
    std::string help;
    setting_reader reader;
    bool required = false;
  };

  /// Where the value of an entry stands; both empty: it is the default.
  struct origin {
    std::string text;
    std::string from;
  };

  void read_one(std::size_t which, const std::string& key, const std::string& text) const;
  void read_file(const std::string& file, const std::string& named_by,
                 std::vector<origin>& origins) const;
  std::string in_effect(const std::vector<origin>& origins) const;

  std::string about_;
  std::string epilogue_;
  std::vector<entry> entries_;
};

/// Reads `5s`, `200ms`, `1m`, `1h`, `10us`; the number may have a fraction. Nothing if it is none.
std::optional<duration> parse_duration(std::string_view text);

/// Writes the shortest form that `parse_duration` reads back.
std::string to_text(duration span);

}  // namespace byssus
