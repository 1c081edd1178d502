#include "byssus/protocol/names.hpp"

#include "byssus/tests/catch.hpp"

#include "vectors.hpp"
#include <string>

using namespace byssus::protocol;

TEST_CASE("names: every name of the vectors is valid or not as they say") {
  const auto cases = vectors::load("names");
  REQUIRE(cases.size() > 50);
  for (const auto& one : cases) {
    INFO(one.at("name").get<std::string>());
    const auto bytes = vectors::from_hex(one.at("hex").get<std::string>());
    CHECK(is_valid_name(as_text(bytes)) == one.at("valid").get<bool>());
  }
}

TEST_CASE("names: a flaw is named") {
  CHECK(flaw_in_name("") == "is empty");
  CHECK(flaw_in_name(std::string(256, 'n')) == "is longer than 255 bytes");
  CHECK(flaw_in_name("\xff") == "is not UTF-8");
  CHECK(flaw_in_name("a\tb") == "has a control character");
  CHECK(flaw_in_name("a\u2028b") == "has a line separator");
  CHECK(flaw_in_name("a\u202eb") == "has a bidirectional override");
  CHECK(flaw_in_name("Zoë").empty());
}

TEST_CASE("utf8: every code point encodes to UTF-8, and no surrogate does") {
  for (char32_t code = 0x80; code <= 0x10ffff; ++code) {
    std::string text;
    const auto tail = [&](int shift) {
      text += static_cast<char>(0x80 | ((code >> shift) & 0x3f));
    };
    if (code < 0x800) {
      text = static_cast<char>(0xc0 | (code >> 6));
    } else if (code < 0x10000) {
      text = static_cast<char>(0xe0 | (code >> 12));
      tail(6);
    } else {
      text = static_cast<char>(0xf0 | (code >> 18));
      tail(12);
      tail(6);
    }
    tail(0);
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    if (is_utf8(text) == surrogate) {
      FAIL("code point " << static_cast<unsigned>(code));
    }
    if (is_utf8(std::string_view{text}.substr(0, text.size() - 1))) {
      FAIL("cut short: code point " << static_cast<unsigned>(code));
    }
  }
  CHECK(is_utf8(""));
}

TEST_CASE("one_line: controls become spaces, bad bytes U+FFFD, and the rest stays") {
  CHECK(one_line("a\r\nb\x1b[0m\tc", 100) == "a  b [0m\tc");
  CHECK(one_line("a\u2028b\u202ec", 100) == "a b c");
  CHECK(one_line("Zo\xc3", 100) == "Zo\xef\xbf\xbd");
  CHECK(one_line("\xff\xfe", 100) == "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST_CASE("one_line: it cuts between two characters") {
  CHECK(one_line("aéb", 1) == "a");
  CHECK(one_line("aéb", 2) == "a");
  CHECK(one_line("aéb", 3) == "aé");
  CHECK(one_line("\xff", 2).empty());
}
