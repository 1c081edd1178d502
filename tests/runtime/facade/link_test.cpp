#include "byssus/actors/pinned.hpp"
#include "byssus/tests/catch.hpp"

#include "record.hpp"
#include <algorithm>
#include <future>
#include <memory>
#include <stdexcept>

using namespace byssus;
using namespace byssus::tests;
using namespace std::chrono_literals;

TEST_CASE("link: what one says in a room the other hears, and a receipt says where it stands") {
  node home{on_loopback()};
  node apps{quiet()};
  guest ann{apps, options_for(home, "ann")};
  guest bob{apps, options_for(home, "bob")};
  REQUIRE(ann.is_in());
  REQUIRE(bob.is_in());

  record<receipt> receipts;
  ann.room.publish("hello").then([&](const receipt& placed) { receipts.add(placed); });
  REQUIRE(hears(bob, "hello"));
  REQUIRE(receipts.wait_count(1));
  const auto heard = bob.heard().all().back();
  CHECK(heard.sender == "ann");
  CHECK(heard.room == "lobby");
  CHECK(heard.offset == receipts.all().front().offset);
  REQUIRE(hears(ann, "hello"));  // a room is one log for all, its speaker included
}

TEST_CASE("link: its states come in order while its node goes and comes back") {
  auto home = std::make_unique<node>(on_loopback());
  const auto port = home->local_endpoint()->port;
  node apps{quiet()};
  guest ann{apps, options_for(*home, "ann")};
  REQUIRE(ann.is_in());
  REQUIRE(phases(ann.states()) == std::vector{link_phase::connecting, link_phase::up});

  home.reset();
  REQUIRE(reaches(ann.states(), link_phase::down));
  home = std::make_unique<node>(on_loopback(port));
  REQUIRE(reaches(ann.states(), link_phase::up));

  const auto seen = ann.states().all();
  CHECK(seen[2].phase == link_phase::down);
  CHECK(seen[2].reason != errc::none);
  for (std::size_t i = 1; i < seen.size(); ++i) {
    const bool after_down = seen[i - 1].phase == link_phase::down;
    CHECK(after_down == (seen[i].phase == link_phase::connecting));
  }

  guest bob{apps, options_for(*home, "bob")};  // and it is in its room again
  REQUIRE(bob.is_in());
  REQUIRE(ann.heard().wait([&](const std::vector<message>& all) {
    if (!all.empty())
      return true;
    bob.room.publish("back?");
    return false;
  }));
}

TEST_CASE("link: no callback runs on a reactor") {
  record<bool> on_reactor;  // outlives its callbacks
  node home{on_loopback()};
  node apps{quiet()};
  const auto look = [&](const auto&) { on_reactor.add(apps.on_reactor() || home.on_reactor()); };

  auto link = apps.connect(options_for(home, "ann"));
  link.on_state(look);
  auto lobby = link.join("lobby", look);
  lobby.joined().then(look);
  auto other = link.join("other");
  link.on_message(look);
  lobby.publish("never").or_else(look);
  record<joined> entered;
  other.joined().then([&](const joined& confirmed) { entered.add(confirmed); });
  REQUIRE(entered.wait_count(1));
  for (int i = 0; i < 20; ++i) {
    lobby.publish("to lobby").then(look);
    other.publish("to other").then(look);
    lobby.who().then(look);
  }
  // Two states, a join, a failure, and for each round two messages, two receipts and one answer.
  REQUIRE(on_reactor.wait_count(2 + 1 + 1 + 20 * 5));
  for (const bool each : on_reactor.all())
    CHECK_FALSE(each);
  CHECK(pinned_count::strayed == 0);
}

TEST_CASE("link: a callback that blocks delays no heartbeat, and no other link's callbacks") {
  auto often = on_loopback();
  often.heartbeat = 500ms;
  node home{often};
  auto settings = quiet();
  settings.workers = 2;
  node apps{settings};
  auto options = options_for(home, "ann");
  options.heartbeat = {.interval = 500ms, .misses = 3};

  guest ann{apps, options};
  guest bob{apps, options};
  REQUIRE(ann.is_in());
  REQUIRE(bob.is_in());
  std::promise<void> release;
  auto released = release.get_future().share();
  record<int> blocked;
  ann.room.publish("block").then([&, released](const receipt&) {
    blocked.add(1);
    released.wait_for(patience);
  });
  REQUIRE(blocked.wait_count(1));

  // Ten heartbeats long others talk; had they waited for the callback, ann's link would go down. On
  // a machine that is busy otherwise it may be suspect for a moment.
  const auto until = std::chrono::steady_clock::now() + 5s;
  std::size_t said = 0;
  while (std::chrono::steady_clock::now() < until) {
    record<receipt> placed;
    bob.room.publish("still here").then([&](const receipt& at) { placed.add(at); });
    REQUIRE(placed.wait_count(1));
    REQUIRE(bob.heard().wait_count(++said));
    // Not so fast that the node closes ann as a slow consumer, which she is.
    CHECK_FALSE(blocked.wait_count(2, 10ms));
  }
  release.set_value();
  record<receipt> after;
  ann.room.publish("done").then([&](const receipt& at) { after.add(at); });
  REQUIRE(after.wait_count(1));
  CHECK(std::ranges::count(phases(ann.states()), link_phase::down) == 0);
  CHECK(std::ranges::count(phases(bob.states()), link_phase::down) == 0);
}

TEST_CASE("link: an exception out of a callback ends neither the link nor its callbacks") {
  node home{on_loopback()};
  node apps{quiet()};
  guest ann{apps, options_for(home, "ann")};
  REQUIRE(ann.is_in());
  auto other = ann.connection.join(
      "other", [](const message&) { throw std::runtime_error{"thrown by a test"}; });
  record<receipt> placed;
  other.publish("x").then([&](const receipt& at) {
    placed.add(at);
    throw 42;
  });
  REQUIRE(placed.wait_count(1));
  ann.room.publish("goes on").then([&](const receipt& at) { placed.add(at); });
  REQUIRE(placed.wait_count(2));
  CHECK(hears(ann, "goes on"));
}

TEST_CASE("link: stop from its own callback ends it with the state failed (stopped)") {
  states seen;  // outlives its callbacks
  node home{on_loopback()};
  node apps{quiet()};
  auto link = apps.connect(options_for(home, "ann"));
  link.on_state([&, link](const link_state& now) mutable {
    seen.add(now);
    if (now.phase == link_phase::up)
      link.stop();
  });
  REQUIRE(reaches(seen, link_phase::failed));
  CHECK(seen.all().back().reason == errc::stopped);

  states told_later;
  link.on_state([&](const link_state& now) { told_later.add(now); });
  REQUIRE(told_later.wait_count(1));
  CHECK(told_later.all().front().phase == link_phase::failed);
  record<failure> refused;
  link.join("lobby").joined().or_else([&](const failure& why) { refused.add(why); });
  REQUIRE(refused.wait_count(1));
  CHECK(refused.all().front().reason == errc::stopped);
}

TEST_CASE("link: lives on when its handle is dropped") {
  node home{on_loopback()};
  node apps{quiet()};
  guest bob{apps, options_for(home, "bob")};
  REQUIRE(bob.is_in());
  {
    auto link = apps.connect(options_for(home, "ann"));
    auto lobby = link.join("lobby");
    lobby.joined().then([lobby](const joined&) { lobby.publish("nobody holds me"); });
  }
  CHECK(hears(bob, "nobody holds me"));
}

TEST_CASE("link: what its callbacks have handled makes room for more than a window holds") {
  node home{on_loopback()};
  node apps{quiet()};
  guest ann{apps, options_for(home, "ann")};
  REQUIRE(ann.is_in());
  constexpr std::size_t each = 64 * 1024;
  const std::size_t enough = 2 * protocol::window{}.bytes / each;
  for (std::size_t said = 1; said <= enough; ++said) {
    ann.room.publish(std::string(each, 'x'));
    REQUIRE(ann.heard().wait_count(said));
  }
}
