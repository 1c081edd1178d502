#include "byssus/protocol/control.hpp"
#include "byssus/protocol/handshake.hpp"
#include "byssus/tests/catch.hpp"

#include <string>

using namespace byssus::protocol;

namespace {

close_code flaw_of(const std::string& body) {
  const auto parsed = parse_subscribe(as_bytes(body));
  return parsed ? close_code{} : parsed.error().code;
}

}  // namespace

TEST_CASE("json: a body of 64 KiB is parsed, and one byte more is not") {
  const std::string open = R"({"room":"r","x":")";
  const std::string fits = open + std::string(max_json_bytes - open.size() - 2, 'x') + "\"}";
  REQUIRE(fits.size() == max_json_bytes);
  CHECK(parse_subscribe(as_bytes(fits)));
  CHECK(flaw_of(fits + " ") == close_code::json_too_large);
}

TEST_CASE("json: depth is counted outside of strings only") {
  CHECK(flaw_of(R"({"room":"r","x":[[[[[[[]]]]]]]})") == close_code{});
  CHECK(flaw_of(R"({"room":"r","x":[[[[[[[[]]]]]]]]})") == close_code::json_too_deep);
  CHECK(flaw_of(R"({"room":"[[[[[[[[[[\\\"[[[["})") == close_code{});
  CHECK(flaw_of(R"({"room":"r\\","x":[[[[[[[[]]]]]]]]})") == close_code::json_too_deep);
  CHECK(flaw_of(R"({"room":"r"},[[],[],[],[],[],[],[],[],[]])") == close_code::bad_json);
  CHECK(flaw_of("]]]]" + std::string(9, '[')) == close_code::json_too_deep);
}

TEST_CASE("json: the last of two equal keys counts") {
  const auto parsed = parse_unsubscribe(as_bytes(R"({"room":"a","room":"b"})"));
  REQUIRE(parsed);
  CHECK(parsed->room == "b");
}

TEST_CASE("json: numbers that are no whole numbers up to 2^53-1 have the wrong type or range") {
  for (const auto* number : {"-1", "1.0", "1e3", "9007199254740992", "18446744073709551616",
                             "\"1\"", "true", "null", "[]", "{}"}) {
    INFO(number);
    CHECK(flaw_of(R"({"room":"r","since":{"offset":0,"epoch":)" + std::string{number} + "}}") ==
          close_code::bad_body);
  }
  CHECK(flaw_of(R"({"room":"r","since":{"offset":0,"epoch":9007199254740991}})") == close_code{});
}

TEST_CASE("json: what is out of range is not encoded") {
  CHECK_FALSE(encode_subscribe({"", {}}));
  CHECK_FALSE(encode_subscribe({"a\x01", {}}));
  CHECK_FALSE(encode_subscribe({"r", position{max_number + 1, 0}}));
  CHECK_FALSE(encode_receipt({max_number + 1, "r", {}}));
  CHECK_FALSE(encode_gap({"r", 2, 1, ""}));
  CHECK_FALSE(encode_error({"publish", 0, "", "No Word", ""}));
  CHECK_FALSE(encode_goaway({close_code{3999}, {}, {}, false}));
  CHECK_FALSE(encode_goaway({close_code::going_away, std::chrono::milliseconds{-1}, {}, false}));
}

TEST_CASE(
    "json: a name that is not UTF-8 is refused by the encoder, not mended into another name") {
  CHECK_FALSE(encode_subscribe({"a\xff", {}}));
  CHECK_FALSE(encode_presence({"r", 1, {"\xc3"}}));
}

TEST_CASE("json: reasons are mended and cut, lists lose their end") {
  const auto loss =
      parse_gap(encode_gap({"r", 1, 2, "a\nb\xff" + std::string(300, 'x')}).view().body);
  REQUIRE(loss);
  CHECK(loss->reason.starts_with("a b\xef\xbf\xbdx"));
  CHECK(loss->reason.size() == max_reason_bytes);

  const std::vector<std::string> crowd(150, "n");
  const auto seen = parse_presence(encode_presence({"r", 150, crowd}).view().body);
  REQUIRE(seen);
  CHECK(seen->count == 150);
  CHECK(seen->names.size() == max_presence_names);
}

TEST_CASE("json: the largest presence fits") {
  const std::vector<std::string> crowd(100, std::string(255, '"'));
  const auto made = encode_presence({std::string(255, '"'), max_number, crowd});
  REQUIRE(made);
  CHECK(made.view().body.size() <= max_json_bytes);
}

TEST_CASE("json: failures name the field and what is wrong with it") {
  CHECK(parse_subscribe(as_bytes("{}")).error().reason == "room is missing");
  CHECK(parse_subscribe(as_bytes(R"({"room":1})")).error().reason == "room has the wrong type");
  CHECK(parse_subscribe(as_bytes(R"({"room":""})")).error().reason == "room is empty");
  CHECK(parse_presence(as_bytes(R"({"room":"r","count":1,"names":["a",1]})")).error().reason ==
        "names has the wrong type");
  CHECK(parse_hello(as_bytes(R"({"features":[],"heartbeat":1,"publisher":1,"name":""})"))
            .error()
            .reason == "heartbeat is out of range");
}
