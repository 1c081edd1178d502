#include "byssus/protocol/close_code.hpp"

#include "byssus/protocol/payload.hpp"
#include "byssus/tests/catch.hpp"

#include <set>
#include <string>

using namespace byssus::protocol;

TEST_CASE("close_code: 4000 to 4499 can be retried, nothing else can") {
  CHECK_FALSE(is_retryable(close_code{3999}));
  CHECK(is_retryable(close_code{4000}));
  CHECK(is_retryable(close_code{4499}));
  CHECK_FALSE(is_retryable(close_code{4500}));
  CHECK_FALSE(is_retryable(close_code{4999}));
  CHECK_FALSE(is_retryable(close_code{5000}));
  CHECK(is_retryable(close_code::overloaded));
  CHECK_FALSE(is_retryable(close_code::ping_flood));
}

TEST_CASE(
    "close_code: every code has a name and a sentence of its own, and an unknown one has both "
    "too") {
  std::set<std::string_view> names;
  std::set<std::string_view> sentences;
  for (unsigned number = 0; number <= 0xffff; ++number) {
    const auto code = close_code{static_cast<std::uint16_t>(number)};
    if (name(code) != "unknown") {
      CHECK(names.insert(name(code)).second);
      CHECK(sentences.insert(sentence(code)).second);
      CHECK(sentence(code).ends_with('.'));
      CHECK((number >= first_close_code && number <= last_close_code));
    }
  }
  CHECK(names.size() == 26);
  CHECK_FALSE(sentence(close_code{4321}).empty());
}

TEST_CASE("close: a reason is cut to 120 bytes between two characters and made one line") {
  const auto cut =
      parse_close(encode_close(close_code::going_away, std::string(119, 'r') + "é").view().body);
  REQUIRE(cut);
  CHECK(cut->reason == std::string(119, 'r'));

  const auto cleaned = parse_close(encode_close(close_code::bad_name, "a\nb\xff").view().body);
  REQUIRE(cleaned);
  CHECK(cleaned->reason == "a b\xef\xbf\xbd");
}

TEST_CASE("close: what a peer writes into a reason cannot move the cursor of whoever reads it") {
  const auto received = parse_close(as_bytes("\x0f\xa0\x1b[2J"));
  REQUIRE(received);
  CHECK(received->code == close_code::going_away);
  CHECK(received->reason == " [2J");
}
