#include "byssus/protocol/fragments.hpp"

#include "byssus/tests/catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace byssus::protocol;

namespace {

/// Puts frames together again; every one but the last must not complete anything.
std::string body_of(const std::vector<frame>& frames, reassembler& in) {
  std::string whole;
  std::size_t completed = 0;
  for (const auto& one : frames) {
    CHECK(completed == 0);
    REQUIRE_FALSE(in.feed(one.view(), [&](const whole_body& body) {
      whole = as_text(body.body);
      ++completed;
    }));
  }
  CHECK(completed == 1);
  CHECK_FALSE(in.collecting());
  return whole;
}

std::string long_text(std::size_t bytes) {
  std::string text(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i) {
    text[i] = static_cast<char>('a' + i % 23);
  }
  return text;
}

}  // namespace

TEST_CASE("fragments: whatever is split comes together again, at every length around the borders") {
  const auto room = min_frame_bytes - header_bytes;
  const std::size_t head = 8 + 8 + 1 + 1 + 5;
  for (const std::size_t near : {std::size_t{0}, room - head, 2 * room - head, 5 * room - head}) {
    for (std::size_t bytes = near < 2 ? 0 : near - 2; bytes <= near + 2; ++bytes) {
      const auto text = long_text(bytes);
      const publish_view sent{7, 9, content_kind::text, "lobby", as_bytes(text)};
      const auto frames = split(sent, min_frame_bytes);
      REQUIRE_FALSE(frames.empty());
      CHECK(frames.size() == std::max<std::size_t>(1, (head + bytes + room - 1) / room));
      CHECK(
          std::ranges::all_of(frames, [](const frame& f) { return f.size() <= min_frame_bytes; }));
      reassembler in;
      const auto whole = body_of(frames, in);
      const auto received = parse_publish(as_bytes(whole));
      REQUIRE(received);
      CHECK(received->number == 9);
      CHECK(received->room == "lobby");
      CHECK(as_text(received->payload) == text);
    }
  }
}

TEST_CASE("fragments: what fits one frame is split into the very frame that encode makes") {
  const message_view sent{1, content_kind::text, "r", "s", as_bytes("hi")};
  const auto frames = split(sent, max_frame_bytes);
  REQUIRE(frames.size() == 1);
  CHECK(std::ranges::equal(frames.front().bytes(), encode_message(sent).bytes()));
}

TEST_CASE("fragments: every type with a payload can be split") {
  const auto text = long_text(3000);
  const auto payload = as_bytes(text);
  CHECK(split(message_view{1, content_kind::text, "r", "s", payload}, 1024).size() == 3);
  CHECK(split(direct_view{content_kind::text, "n", payload}, 1024).size() == 3);
  CHECK(split(call_view{1, content_kind::text, "s", payload}, 1024).size() == 3);
  CHECK(split(reply_view{1, content_kind::text, payload}, 1024).size() == 3);
  CHECK(split(direct_view{content_kind::text, "", payload}, 1024).empty());
}

TEST_CASE("fragments: a whole frame passes through without a copy") {
  const auto sent = encode_direct({content_kind::text, "n", as_bytes("hi")});
  reassembler in;
  const std::byte* seen = nullptr;
  REQUIRE_FALSE(in.feed(sent.view(), [&](const whole_body& whole) { seen = whole.body.data(); }));
  CHECK(seen == sent.view().body.data());
}

TEST_CASE("fragments: a message of 1 MiB passes by default, and one byte more does not") {
  const std::size_t head = 1 + 1 + 1;
  const auto text = long_text(default_message_bytes - head + 1);
  const direct_view fits{content_kind::text, "n", as_bytes(text).first(text.size() - 1)};
  reassembler in;
  CHECK(body_of(split(fits, max_frame_bytes), in).size() == default_message_bytes);

  const direct_view beyond{content_kind::text, "n", as_bytes(text)};
  std::optional<violation> broken;
  for (const auto& one : split(beyond, max_frame_bytes)) {
    broken = in.feed(one.view(), [](const whole_body&) { FAIL("too long to be whole"); });
  }
  REQUIRE(broken);
  CHECK(broken->code == close_code::message_too_large);
}

TEST_CASE("fragments: what is collected is let go when it is whole") {
  const auto text = long_text(3000);
  reassembler in;
  REQUIRE(body_of(split(direct_view{content_kind::text, "n", as_bytes(text)}, 1024), in).size() ==
          3003);
  CHECK(in.collected_bytes() == 0);
}

TEST_CASE("fragments: no frame outlives its owners") {
  const auto before = frame::live();
  {
    const auto text = long_text(5000);
    const auto frames = split(direct_view{content_kind::text, "n", as_bytes(text)}, 1024);
    CHECK(frame::live() == before + frames.size());
  }
  CHECK(frame::live() == before);
}
