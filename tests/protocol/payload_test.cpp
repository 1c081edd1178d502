#include "byssus/protocol/payload.hpp"

#include "byssus/tests/catch.hpp"

#include <string>
#include <vector>

using namespace byssus::protocol;

TEST_CASE("payload: what is parsed points into the body and copies nothing") {
  const auto made = encode_message({7, content_kind::text, "lobby", "ann", as_bytes("hi")});
  const auto body = made.view().body;
  const auto message = parse_message(body);
  REQUIRE(message);
  CHECK(message->payload.data() == body.data() + 8 + 1 + 1 + 5 + 1 + 3);
  CHECK(message->sender == "ann");
}

TEST_CASE("payload: a number above 2^53-1 is not encoded") {
  CHECK(encode_publish({max_number, max_number, content_kind::text, "r", {}}));
  CHECK_FALSE(encode_publish({max_number + 1, 1, content_kind::text, "r", {}}));
  CHECK_FALSE(encode_publish({1, max_number + 1, content_kind::text, "r", {}}));
  CHECK_FALSE(encode_message({max_number + 1, content_kind::text, "r", "s", {}}));
  CHECK_FALSE(encode_call({max_number + 1, content_kind::text, "s", {}}));
  CHECK_FALSE(encode_reply({max_number + 1, content_kind::text, {}}));
  CHECK_FALSE(encode_ping({max_number + 1, 0}));
  CHECK_FALSE(encode_pong({0, max_number + 1}));
  CHECK_FALSE(encode_ack(max_number + 1));
}

TEST_CASE("payload: a name that is not valid is not encoded") {
  CHECK_FALSE(encode_publish({1, 1, content_kind::text, "", {}}));
  CHECK_FALSE(encode_publish({1, 1, content_kind::text, std::string(256, 'r'), {}}));
  CHECK_FALSE(encode_message({1, content_kind::text, "r", "a\nb", {}}));
  CHECK_FALSE(encode_direct({content_kind::text, "\xff", {}}));
  CHECK_FALSE(encode_call({1, content_kind::text, "", {}}));
}

TEST_CASE("payload: the largest frame is encoded, and one byte more is not") {
  const std::vector<std::byte> payload(max_frame_bytes);
  const auto space = max_frame_bytes - header_bytes - 2 - 1;
  CHECK(encode_direct({content_kind::binary, "n", byte_view{payload}.first(space)}).size() ==
        max_frame_bytes);
  CHECK_FALSE(encode_direct({content_kind::binary, "n", byte_view{payload}.first(space + 1)}));
}

TEST_CASE("payload: a reply encoded into a buffer has the bytes of one in a frame, or none") {
  const std::string payload(100, 'x');
  const reply_view reply{42, content_kind::json, as_bytes(payload)};
  const auto whole = encode_reply(reply);
  std::vector<std::byte> space(whole.size());
  REQUIRE(encode_reply_into(space, reply) == whole.size());
  CHECK(as_text(space) == as_text(whole.bytes()));
  CHECK(encode_reply_into(std::span{space}.first(space.size() - 1), reply) == 0);
  CHECK(encode_reply_into(space, {max_number + 1, content_kind::text, {}}) == 0);
}

TEST_CASE("payload: each kind of failure says what is wrong") {
  CHECK(parse_publish({}).error() ==
        violation{close_code::bad_body, "publish is shorter than its fields"});
  CHECK(parse_ack(as_bytes("1234")).error() ==
        violation{close_code::bad_body, "ack has 4 bytes instead of 8"});
  CHECK(parse_direct(as_bytes(std::string_view{"\0\0", 2})).error() ==
        violation{close_code::bad_name, "name is empty"});
}
