#include "byssus/tests/catch.hpp"

#include "record.hpp"
#include <algorithm>

using namespace byssus;
using namespace byssus::tests;

TEST_CASE("publish: while the link is not up it fails at once with not_connected") {
  node apps{quiet()};
  link_options nowhere;
  nowhere.endpoints = {"tcp://127.0.0.1:1"};
  auto lobby = apps.connect(nowhere).join("lobby");
  record<failure> failed;
  lobby.publish("x")
      .then([](const receipt&) { FAIL("nobody could have taken it"); })
      .or_else([&](const failure& why) { failed.add(why); });
  REQUIRE(failed.wait_count(1));
  CHECK(failed.all().front().reason == errc::not_connected);
  CHECK(to_string(failed.all().front()) == "the link is not up");
}

TEST_CASE("answer: who asks late is told, too") {
  node home{on_loopback()};
  node apps{quiet()};
  guest ann{apps, options_for(home, "ann")};
  REQUIRE(ann.is_in());
  auto early = ann.room.publish("x");
  REQUIRE(hears(ann, "x"));
  record<receipt> placed;
  ann.room.publish("y").then([&](const receipt& at) { placed.add(at); });
  REQUIRE(placed.wait_count(1));  // so the receipt of x is here
  early.then([&](const receipt& at) { placed.add(at); });
  REQUIRE(placed.wait_count(2));
  CHECK(placed.all()[0].offset == placed.all()[1].offset + 1);
}

TEST_CASE("who: names those in the room, and no longer him who left") {
  node home{on_loopback()};
  node apps{quiet()};
  guest ann{apps, options_for(home, "ann")};
  guest bob{apps, options_for(home, "bob")};
  REQUIRE(ann.is_in());
  REQUIRE(bob.is_in());
  record<room_presence> present;
  const auto note = [&](const room_presence& there) { present.add(there); };
  ann.room.who().then(note);
  REQUIRE(present.wait_count(1));
  CHECK(present.all().back().names == std::vector<std::string>{"ann", "bob"});
  CHECK(present.all().back().count == 2);

  bob.room.leave();
  bob.room.who().then(note);  // after the leave, on the same link
  REQUIRE(present.wait_count(2));
  CHECK(present.all().back().names == std::vector<std::string>{"ann"});
}

TEST_CASE("join: a name that no room can have is refused, and said why") {
  node apps{quiet()};
  link_options nowhere;
  nowhere.endpoints = {"tcp://127.0.0.1:1"};
  auto link = apps.connect(nowhere);
  record<failure> refused;
  link.join("two\nlines").joined().or_else([&](const failure& why) { refused.add(why); });
  REQUIRE(refused.wait_count(1));
  CHECK(refused.all().front().reason == errc::invalid_name);
}

TEST_CASE("connect: options that cannot be meant are refused in one line that names the field") {
  node apps{quiet()};
  const auto line = [&](const link_options& options) -> std::string {
    try {
      static_cast<void>(apps.connect(options));
    } catch (const startup_error& wrong) {
      CHECK(wrong.reason() == errc::invalid_config);
      return wrong.what();
    }
    return "accepted";
  };
  const auto says = [&](const link_options& options, const char* part) {
    const auto said = line(options);
    INFO(said);
    return said.find(part) != std::string::npos;
  };
  CHECK(says({.endpoints = {}}, "endpoints"));
  CHECK(says({.endpoints = {"http://a:1"}}, "endpoints: http://a:1: must be tcp://HOST:PORT"));
  CHECK(says({.endpoints = {"a:1"}, .name = "\x1b"}, "name"));
  CHECK(says({.endpoints = {"a:1"}, .heartbeat = {.interval = duration{1}}}, "interval"));
}
