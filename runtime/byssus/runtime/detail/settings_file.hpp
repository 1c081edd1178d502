#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace byssus::detail {

/// A line of a configuration file, as in `heartbeat = 5s`.
struct settings_line {
  std::string key;
  std::string value;
  std::string where;  ///< `FILE:LINE`
};

/// Reads the lines of `file`, which are those of INI and TOML without sections: `key = value`,
/// `key = "value"` with the escapes `\" \\ \n \r \t`, or `key = 'value'` without; and comments
/// from a `#` on that is not in quotes. Keys are different from each other. Throws
/// std::runtime_error with one line, as in `FILE:3: heartbeat is set in line 2 already`; one about
/// the whole file begins with `named_by`, as in `--config FILE: No such file or directory`.
std::vector<settings_line> read_settings_file(const std::string& file, const std::string& named_by);

/// `text` as a value that such a line reads back, whatever it is.
std::string quoted(std::string_view text);

}  // namespace byssus::detail
