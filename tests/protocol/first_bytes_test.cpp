#include "byssus/protocol/first_bytes.hpp"

#include "byssus/protocol/handshake.hpp"
#include "byssus/tests/catch.hpp"

#include <string>
#include <vector>

using namespace byssus::protocol;

namespace {

struct first_case {
  std::string bytes;
  language spoken;
  language after_patience;
};

const std::vector<first_case> cases{
    {"", language::undecided, language::plain},
    {"\xf5", language::byssus, language::byssus},
    {"\xf5XYZ", language::byssus, language::byssus},
    {"\x16\x03\x01", language::tls, language::tls},
    {"G", language::undecided, language::plain},
    {"GE", language::undecided, language::plain},
    {"GET", language::undecided, language::plain},
    {"GET ", language::http, language::http},
    {"GET /chat HTTP/1.1\r\n", language::http, language::http},
    {"GEH", language::plain, language::plain},
    {"GG", language::plain, language::plain},
    {"G\xf5", language::plain, language::plain},
    {"G\x16", language::plain, language::plain},
    {"GET\r", language::plain, language::plain},
    {"get ", language::plain, language::plain},
    {"POST", language::plain, language::plain},
    {"ping", language::plain, language::plain},
    {"\n", language::plain, language::plain},
    {std::string(1, '\0'), language::plain, language::plain},
    {"\xc3\xa9", language::plain, language::plain},
};

}  // namespace

TEST_CASE("first_bytes: the language is told by the first bytes, however they are cut") {
  for (const auto& one : cases) {
    INFO(one.bytes);
    for (std::size_t cut = 0; cut <= one.bytes.size(); ++cut) {
      first_bytes heard;
      heard.feed(as_bytes(std::string_view{one.bytes}.substr(0, cut)));
      CHECK(heard.feed(as_bytes(std::string_view{one.bytes}.substr(cut))) == one.spoken);
      CHECK(heard.give_up() == one.after_patience);
      CHECK(heard.feed(as_bytes("GET \xf5")) == one.after_patience);
    }
  }
}

TEST_CASE("preface: it is accepted however it is cut, and what follows is left alone") {
  const auto whole =
      std::string{
          "\xf5"
          "BYSS\r\n\0",
          8} +
      "rest";
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    preface_reader in;
    const auto first = in.feed(as_bytes(std::string_view{whole}.substr(0, cut)));
    REQUIRE(first);
    CHECK(*first == std::min<std::size_t>(cut, 8));
    CHECK(in.done() == (cut >= 8));
    const auto second = in.feed(as_bytes(std::string_view{whole}.substr(cut)));
    REQUIRE(second);
    CHECK(*first + *second == 8);
    CHECK(in.done());
  }
}

TEST_CASE("preface: each wrong byte is refused, the last of them as a version") {
  for (std::size_t wrong = 0; wrong < preface.size(); ++wrong) {
    auto bytes = preface;
    bytes[wrong] ^= std::byte{1};
    preface_reader in;
    const auto fed = in.feed(bytes);
    REQUIRE_FALSE(fed);
    CHECK(fed.error().code ==
          (wrong == 7 ? close_code::unsupported_version : close_code::bad_preface));
    CHECK_FALSE(in.done());
  }
}

TEST_CASE("preface: an unsupported version is answered with both versions") {
  preface_reader in;
  CHECK(in.feed(as_bytes("\xf5"
                         "BYSS\r\n\x07"))
            .error()
            .reason == "this node speaks version 0, not 7");
}
