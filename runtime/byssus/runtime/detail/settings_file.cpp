#include "byssus/runtime/detail/settings_file.hpp"

#include <CLI/StringTools.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace byssus::detail {

namespace {

// CLI11 2.1 reads such files, too, but cuts values at a `#` in quotes, knows no escapes, and
// forgets in which line a thing stood.

constexpr auto one_value = "must be one value, in quotes unless it is a plain word";

/// What stands in double quotes as a backslash and a letter.
constexpr std::array<std::pair<char, char>, 5> escapes{{
    {'"', '"'},
    {'\\', '\\'},
    {'n', '\n'},
    {'r', '\r'},
    {'t', '\t'},
}};

/// Takes a value off the front of `rest`, up to the quote that closes it.
std::string take_quoted(std::string_view& rest) {
  const char quote = rest.front();
  std::string value;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == quote) {
      rest.remove_prefix(i + 1);
      return value;
    }
    if (rest[i] != '\\' || quote == '\'') {
      value += rest[i];
      continue;
    }
    const char letter = ++i < rest.size() ? rest[i] : '\0';
    const auto* known = std::find_if(escapes.begin(), escapes.end(),
                                     [&](const auto& each) { return each.first == letter; });
    if (known == escapes.end())
      throw std::runtime_error{R"(in double quotes a \ must be written \\)"};
    value += known->second;
  }
  throw std::runtime_error{"a quote is not closed"};
}

/// Takes a value off the front of `rest`, up to a blank or comment.
std::string take_bare(std::string_view& rest) {
  const auto end = std::min(rest.find_first_of(" \t#"), rest.size());
  std::string value{rest.substr(0, end)};
  if (value.find_first_of("\"'[,") != std::string::npos)
    throw std::runtime_error{one_value};
  rest.remove_prefix(end);
  return value;
}

std::string value_in(std::string_view rest) {
  const bool in_quotes = rest.starts_with('"') || rest.starts_with('\'');
  auto value = in_quotes ? take_quoted(rest) : take_bare(rest);
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  if (!rest.empty() && rest.front() != '#')
    throw std::runtime_error{one_value};
  return value;
}

std::optional<settings_line> read_line(const std::string& line, std::string where) {
  const auto text = CLI::detail::trim_copy(line);
  if (text.empty() || text.front() == '#' || text.front() == ';')
    return std::nullopt;
  if (text.front() == '[')
    throw std::runtime_error{where + ": " + text + ": there are no sections"};
  const auto equals = text.find('=');
  if (equals == 0 || equals == std::string::npos)
    throw std::runtime_error{where + ": " + text + ": must be KEY = VALUE"};
  const auto key = CLI::detail::trim_copy(text.substr(0, equals));
  try {
    return settings_line{key, value_in(CLI::detail::trim_copy(text.substr(equals + 1))),
                         std::move(where)};
  } catch (const std::runtime_error& wrong) {
    throw std::runtime_error{where + ": " + text + ": " + wrong.what()};
  }
}

}  // namespace

std::vector<settings_line> read_settings_file(const std::string& file,
                                              const std::string& named_by) {
  std::ifstream lines{file};
  if (!lines)
    throw std::runtime_error{named_by + file + ": " + std::generic_category().message(errno)};
  std::vector<settings_line> all;
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    auto read = read_line(line, file + ':' + std::to_string(number));
    if (!read)
      continue;
    const auto same = std::find_if(all.begin(), all.end(),
                                   [&](const auto& earlier) { return earlier.key == read->key; });
    if (same != all.end())
      throw std::runtime_error{read->where + ": " + read->key + " is set already, at " +
                               same->where};
    all.push_back(*std::move(read));
  }
  if (lines.bad())
    throw std::runtime_error{named_by + file + ": " + std::generic_category().message(errno)};
  return all;
}

std::string quoted(std::string_view text) {
  std::string value{'"'};
  for (const char each : text) {
    const auto* special = std::find_if(escapes.begin(), escapes.end(),
                                       [&](const auto& known) { return known.second == each; });
    if (special != escapes.end())
      value.append(1, '\\').append(1, special->first);
    else
      value += each;
  }
  return value + '"';
}

}  // namespace byssus::detail
