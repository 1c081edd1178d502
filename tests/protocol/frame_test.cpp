#include "byssus/protocol/frame.hpp"

#include "byssus/protocol/payload.hpp"
#include "byssus/tests/catch.hpp"

#include "vectors.hpp"
#include <algorithm>
#include <vector>

using namespace byssus::protocol;

TEST_CASE("frame: a frame is its header and a copy of the body") {
  const frame made{frame_type::publish, as_bytes("ab"), flag_more};
  CHECK(vectors::to_hex(made.bytes()) ==
        "000000028401"
        "6162");
  CHECK(made.type() == frame_type::publish);
  CHECK(made.size() == 8);
  CHECK(made.view().more());
  CHECK(as_text(made.view().body) == "ab");
}

TEST_CASE("frame: copies share one block, and the last of them frees it") {
  const auto before = frame::live();
  {
    const frame first{frame_type::ack, as_bytes("12345678")};
    const std::vector<frame> copies(1000, first);
    CHECK(frame::live() == before + 1);
    CHECK(copies.back().bytes().data() == first.bytes().data());
  }
  CHECK(frame::live() == before);
}

TEST_CASE("frame: moving leaves no frame behind, and assignment frees what was there") {
  const auto before = frame::live();
  {
    frame first{frame_type::ack, {}};
    frame second{frame_type::ping, {}};
    second = std::move(first);
    CHECK(frame::live() == before + 1);
    CHECK(second.type() == frame_type::ack);
    CHECK_FALSE(first);  // NOLINT(bugprone-use-after-move): that is what is tested.
    const auto& same = second;
    second = same;
    CHECK(second.size() == header_bytes);
  }
  CHECK(frame::live() == before);
}

TEST_CASE("frame: no frame is false and has no bytes") {
  const frame none;
  CHECK_FALSE(none);
  CHECK(none.bytes().empty());
  CHECK(none.type() == frame_type{});
}

TEST_CASE("frame: raw bytes go out as they are and are no known, counted type") {
  const auto raw = frame::raw(as_bytes("ann: hi\n"));
  CHECK(as_text(raw.bytes()) == "ann: hi\n");
  CHECK_FALSE(is_known(raw.type()));
  CHECK_FALSE(is_counted(raw.type()));
}

TEST_CASE("frame_type: what is counted and what may be ignored stands in two bits") {
  CHECK_FALSE(is_counted(frame_type::ack));
  CHECK(is_counted(frame_type::publish));
  CHECK(is_counted(frame_type::presence));
  CHECK(is_ignorable(frame_type::presence));
  CHECK_FALSE(is_ignorable(frame_type::publish));
  CHECK(is_ignorable(frame_type{0x40}));
}

TEST_CASE("frame_type: 19 types are known, each by a name of its own") {
  std::vector<std::string_view> names;
  for (unsigned number = 0; number < 256; ++number) {
    if (const auto type = frame_type{static_cast<std::uint8_t>(number)}; is_known(type)) {
      names.push_back(name(type));
    }
  }
  CHECK(names.size() == 19);
  std::ranges::sort(names);
  CHECK(std::ranges::adjacent_find(names) == names.end());
}
