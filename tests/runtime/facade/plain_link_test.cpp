#include "byssus/tests/catch.hpp"

#include "record.hpp"

using namespace byssus;
using namespace byssus::tests;
using namespace std::chrono_literals;

namespace {

link_options plain_options(const node& home) {
  auto options = options_for(home, "");
  options.mode = link_mode::plain;
  options.ping_lines = true;
  options.heartbeat = {.interval = 200ms, .misses = 3};
  options.retry = backoff_policy::fixed(100ms, 50);
  return options;
}

/// A plain link, and what it has heard, all reads together.
class plain_guest {
public:
  plain_guest(node& app, const link_options& options) : connection(app.connect(options)) {
    connection.on_state([seen = states_](const link_state& now) { seen->add(now); });
    connection.on_message([heard = heard_](const message& read) { heard->add(read); });
  }

  byssus::tests::states& states() { return *states_; }
  record<message>& heard() { return *heard_; }

  bool hears(const std::string& text) {
    return heard_->wait([&](const std::vector<message>& reads) {
      std::string all;
      for (const auto& read : reads)
        all += read.payload;
      return all.find(text) != std::string::npos;
    });
  }

private:
  std::shared_ptr<byssus::tests::states> states_ = std::make_shared<byssus::tests::states>();
  std::shared_ptr<record<message>> heard_ = std::make_shared<record<message>>();

public:
  byssus::link connection;
};

bool goes_down(states& seen, duration within) {
  return seen.wait(
      [](const std::vector<link_state>& all) { return all.back().phase == link_phase::down; },
      within);
}

}  // namespace

TEST_CASE("plain link: talks with a node's lobby, and keeps its pongs to itself") {
  node home{on_loopback()};
  node apps{quiet()};
  guest ann{apps, options_for(home, "ann")};
  REQUIRE(ann.is_in());
  plain_guest plain{apps, plain_options(home)};
  REQUIRE(reaches(plain.states(), link_phase::up));

  record<text_sent> sent;
  plain.connection.say("hello\n").then([&](const text_sent& taken) { sent.add(taken); });
  REQUIRE(sent.wait_count(1));
  CHECK(sent.all().front().bytes == 6);
  REQUIRE(hears(ann, "hello"));
  ann.room.publish("good morning");
  REQUIRE(plain.hears("ann: good morning\n"));

  // Ten heartbeats later it is up, and has heard nothing but what ann says.
  for (int i = 0; i < 10; ++i) {
    CHECK_FALSE(goes_down(plain.states(), 200ms));
    ann.room.publish("round " + std::to_string(i));
    REQUIRE(plain.hears("ann: round " + std::to_string(i) + '\n'));
  }
  for (const auto& read : plain.heard().all()) {
    CHECK(read.payload.find("pong") == std::string::npos);
    CHECK(read.room.empty());
    CHECK(read.sender.empty());
  }
}

TEST_CASE("plain link: comes back when its node goes and comes back") {
  auto home = std::make_unique<node>(on_loopback());
  const auto port = home->local_endpoint()->port;
  node apps{quiet()};
  plain_guest plain{apps, plain_options(*home)};
  REQUIRE(reaches(plain.states(), link_phase::up));
  home.reset();
  REQUIRE(reaches(plain.states(), link_phase::down));
  home = std::make_unique<node>(on_loopback(port));
  REQUIRE(reaches(plain.states(), link_phase::up));
}

TEST_CASE("plain link: what its mode does not have fails with wrong_mode, or is refused at once") {
  node home{on_loopback()};
  node apps{quiet()};
  plain_guest plain{apps, plain_options(home)};
  record<failure> failed;
  const auto note = [&](const failure& why) { failed.add(why); };
  auto room = plain.connection.join("lobby");
  room.joined().or_else(note);
  room.publish("x").or_else(note);
  room.who().or_else(note);
  guest ann{apps, options_for(home, "ann")};
  ann.connection.say("x").or_else(note);
  REQUIRE(failed.wait_count(4));
  for (const auto& why : failed.all())
    CHECK(why.reason == errc::wrong_mode);

  auto named = plain_options(home);
  named.name = "ann";
  CHECK_THROWS_AS(apps.connect(named), startup_error);
}
