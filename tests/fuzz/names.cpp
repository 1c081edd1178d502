#include "byssus/protocol/names.hpp"

#include "byssus/protocol/limits.hpp"
#include "byssus/protocol/plain.hpp"

#include <nlohmann/json.hpp>

#include "support/input.hpp"
#include "support/promise.hpp"
#include "support/reach.hpp"
#include <algorithm>
#include <string>

/// Names and lines: UTF-8 is judged as another implementation judges it, and whatever the text, a
/// line is one line.
///
/// Input: a byte for the longest line, a sender behind his length, then the text.
namespace byssus::fuzz {

namespace {

using namespace protocol;

reach valid_names{"a valid name"};
reach long_lines{"a line that is cut"};
reach not_utf8{"text that is not UTF-8"};

/// nlohmann's writer refuses ill-formed UTF-8 by a decoder that is not ours.
bool is_utf8_elsewhere(const std::string& text) {
  try {
    static_cast<void>(nlohmann::json(text).dump());
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

void expect_one_line(const std::string& line, std::size_t most) {
  promise(line.size() <= most, "a line is no longer than was asked for");
  promise(is_utf8(line), "a line is UTF-8");
  promise(std::ranges::none_of(
              line, [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; }),
          "a line has no control but the tab");
  promise(one_line(line, most) == line, "a line made one line is the same");
}

void try_text(const std::string& text, std::size_t most) {
  promise(is_utf8(text) == is_utf8_elsewhere(text), "both judge UTF-8 alike");
  not_utf8.count(!is_utf8(text));
  valid_names.count(is_valid_name(text));
  long_lines.count(one_line(text, most).size() < one_line(text, text.size()).size());
  expect_one_line(one_line(text, most), most);
  if (is_valid_name(text)) {
    promise(is_utf8(text) && !text.empty() && text.size() <= max_name_bytes,
            "a valid name is short UTF-8");
    promise(one_line(text, max_name_bytes) == text, "a valid name is one line as it is");
  }
}

void try_plain_line(const std::string& sender, const std::string& text) {
  const auto sent = encode_plain_line(sender, text);
  std::string line{as_text(sent.bytes())};
  promise(line.ends_with('\n'), "a plain line ends");
  line.pop_back();
  expect_one_line(line, max_plain_line_bytes);
  promise(!is_valid_name(sender) || line.starts_with(sender + ": "),
          "a plain line names who says it");
}

}  // namespace

}  // namespace byssus::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  byssus::fuzz::input in{byssus::fuzz::view_of(data, size)};
  const auto most = in.up_to(255);
  const auto sender = in.text();
  const std::string text{byssus::protocol::as_text(in.rest())};
  byssus::fuzz::try_text(text, most);
  byssus::fuzz::try_text(sender, most);
  byssus::fuzz::try_plain_line(sender, text);
  return 0;
}
