#include "byssus/runtime/detail/settings_file.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace byssus::detail {

namespace {

/// CLI11 reads files as a whole and forgets in which line a thing stood; so it gets one line at a
/// time.
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
  if (key.find('.') != std::string::npos)  // to CLI11 that is a section
    throw std::runtime_error{where + ": " + key + " is no setting of this program"};
  std::istringstream alone{text};
  const auto items = CLI::ConfigTOML{}.from_config(alone);
  if (items.size() != 1 || items.front().inputs.size() != 1)
    throw std::runtime_error{where + ": " + text +
                             ": must be one value, in quotes if it has blanks"};
  return settings_line{items.front().name, items.front().inputs.front(), std::move(where)};
}

}  // namespace

std::vector<settings_line> read_settings_file(const std::string& file) {
  std::ifstream lines{file};
  if (!lines)
    throw std::runtime_error{file + ": " + std::generic_category().message(errno)};
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
    throw std::runtime_error{file + ": " + std::generic_category().message(errno)};
  return all;
}

}  // namespace byssus::detail
