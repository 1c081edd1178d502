#include "byssus/protocol/rules.hpp"

#include "byssus/tests/catch.hpp"

#include <map>
#include <string>
#include <string_view>

using namespace byssus::protocol;

namespace {

/// Who may send what once open: `c`lient, `n`ode.
const std::map<std::string_view, std::string> open_rules{
    {"hello", ""},        {"welcome", ""},     {"ping", "cn"},     {"pong", "cn"},
    {"ack", "cn"},        {"goaway", "n"},     {"close", "cn"},    {"subscribe", "c"},
    {"unsubscribe", "c"}, {"subscribed", "n"}, {"publish", "c"},   {"receipt", "n"},
    {"message", "n"},     {"direct", "cn"},    {"gap", "n"},       {"call", "cn"},
    {"reply", "cn"},      {"error", "cn"},     {"presence", "cn"},
};

bool allowed(side sender, phase now, frame_type type) {
  return !check_turn(sender, now, type).has_value();
}

}  // namespace

TEST_CASE("rules: once open, each type may be sent by whom the table names") {
  for (unsigned number = 0; number < 256; ++number) {
    const auto type = frame_type{static_cast<std::uint8_t>(number)};
    const auto row = open_rules.find(name(type));
    const std::string who = row != open_rules.end() ? row->second : is_ignorable(type) ? "cn" : "";
    INFO(number);
    CHECK(allowed(side::client, phase::open, type) == (who.find('c') != std::string::npos));
    CHECK(allowed(side::node, phase::open, type) == (who.find('n') != std::string::npos));
  }
}

TEST_CASE("rules: before welcome the client may say hello or close, the node welcome or close") {
  for (unsigned number = 0; number < 256; ++number) {
    const auto type = frame_type{static_cast<std::uint8_t>(number)};
    INFO(number);
    CHECK(allowed(side::client, phase::handshaking, type) ==
          (type == frame_type::hello || type == frame_type::close));
    CHECK(allowed(side::node, phase::handshaking, type) ==
          (type == frame_type::welcome || type == frame_type::close));
  }
}

TEST_CASE("rules: a violation says who sent what, and when") {
  const auto broken = check_turn(side::client, phase::handshaking, frame_type::publish);
  REQUIRE(broken);
  CHECK(*broken == violation{close_code::protocol_error, "publish from the client before welcome"});
}
