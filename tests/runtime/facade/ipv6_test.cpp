#include "byssus/tests/catch.hpp"

#include "record.hpp"
#include <algorithm>

using namespace byssus;
using namespace byssus::tests;

TEST_CASE("link: over IPv6 it is a link like any other") {
  auto config = quiet();
  config.listen = endpoint{"::1", 0};
  node home{config};
  REQUIRE(home.local_endpoint()->host == "::1");
  node apps{quiet()};
  guest ann{apps, options_for(home, "ann")};
  guest bob{apps, options_for(home, "bob")};
  REQUIRE(ann.is_in());
  REQUIRE(bob.is_in());
  ann.room.publish("hello");
  CHECK(hears(bob, "hello"));
}

TEST_CASE("link: a node's state names the IPv6 address that refused, in brackets") {
  auto config = quiet();
  config.listen = endpoint{"::1", 0};
  auto home = std::make_unique<node>(config);
  auto options = options_for(*home, "ann");
  const auto where = to_string(*home->local_endpoint());
  home.reset();
  node apps{quiet()};
  guest ann{apps, options};
  CHECK(ann.states().wait([&](const std::vector<link_state>& all) {
    return std::any_of(all.begin(), all.end(), [&](const link_state& seen) {
      return seen.phase == link_phase::down && seen.detail.starts_with(where + ": ");
    });
  }));
}
