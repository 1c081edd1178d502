#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace byssus::detail {

/// A line of a configuration file, as in `heartbeat = 5s`.
struct settings_line {
  std::string key;
  std::string value;
  std::string where;  ///< `FILE:LINE`
};

/// Reads the lines of `file`, which are those of INI and TOML without sections: `key = value` or
/// `key = "value"`, and comments from `#` on. Keys are different from each other. Throws
/// std::runtime_error with one line, as in `FILE:3: heartbeat is set in line 2 already`.
std::vector<settings_line> read_settings_file(const std::string& file);

}  // namespace byssus::detail
