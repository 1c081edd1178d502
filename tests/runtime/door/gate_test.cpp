#include "byssus/runtime/gate.hpp"

#include "byssus/protocol/control.hpp"
#include "byssus/tests/catch.hpp"

#include "scene.hpp"
#include <string>
#include <vector>

using namespace byssus;
using namespace byssus::testing;
using namespace std::chrono_literals;
using protocol::close_code;
using protocol::frame_type;

namespace {

/// Clients of one host, as many as a test wants.
struct household {
  household(scene& in, const std::string& name) : here(&in), host(&in.sim.host(name)) {}

  raw_client& dial() {
    clients.push_back(std::make_unique<raw_client>(host->reactor(), here->where));
    return *clients.back();
  }

  raw_client& welcomed(const std::string& name) {
    auto& fresh = dial().greet(name);
    here->expect([&] { return fresh.count(frame_type::welcome) == 1; });
    return fresh;
  }

  scene* here;
  simulated_host* host;
  std::vector<std::unique_ptr<raw_client>> clients;
};

node_settings with(const door_rules& rules) {
  node_settings settings;
  settings.door = rules;
  return settings;
}

}  // namespace

TEST_CASE("gate: an address has its own limit, others are let in, and who leaves makes room") {
  scene here{1, 2, with({.most_per_address = 2})};
  household home{here, "home"};
  auto& first = home.welcomed("first");
  home.welcomed("second");
  auto& third = home.dial().greet("third");
  here.expect([&] { return third.ended(); });
  CHECK(third.code() == close_code::overloaded);
  CHECK(third.last(frame_type::close)->body.find("from this address") != std::string::npos);
  here.welcomed("from elsewhere");
  CHECK(here.turning_away_lines() ==
        std::vector<std::string>{"turning strangers away: home has as many connections as the node "
                                 "allows one address, 2"});
  first.send(protocol::encode_close(close_code::going_away, {}));
  here.expect([&] { return here.counts().sockets == 2; });
  home.welcomed("fourth");
}

TEST_CASE("gate: a listener who turns out to speak frames keeps his place of the address") {
  scene here{1, 1, with({.most_per_address = 1})};
  household home{here, "home"};
  auto& late = home.dial();
  here.sim.advance(4s);
  REQUIRE(here.counts().plain_listeners == 1);
  late.greet("late");
  here.expect([&] { return late.count(frame_type::welcome) == 1; });
  auto& second = home.dial().greet("second");
  here.expect([&] { return second.ended(); });
  CHECK(second.code() == close_code::overloaded);
  late.hang_up();
  here.expect([&] { return here.counts().sockets == 0; });
  home.welcomed("third");
}

TEST_CASE("gate: many who are turned away are one line of the log, until it has been calm") {
  scene here{1, 2, with({.most_sockets = 1})};
  here.welcomed("first");
  for (int i = 0; i < 20; ++i)
    here.dial().greet("too many");
  here.expect([&] { return here.counts().refused == 20; });
  here.sim.advance(9s);
  here.dial().greet("too many");
  here.sim.advance(1s);
  CHECK(here.turning_away_lines().size() == 1);
  here.sim.advance(10s);
  here.welcomed("first is gone by now");
  here.dial().greet("too many");
  here.expect([&] { return here.turning_away_lines().size() == 2; });
  CHECK(here.closing_lines().size() == 1);  // first, who never pinged
}

TEST_CASE("gate: those who are being told take no place, and of them there are not many") {
  scene here{1, 1, with({.most_sockets = 2, .most_turned_away = 1})};
  auto& first = here.welcomed("first");
  here.welcomed("second");
  here.dial();  // says nothing, so nobody knows yet how to tell him
  here.expect([&] { return here.counts().sockets == 3; });
  auto& unread = here.dial().greet("unread");
  here.expect([&] { return unread.ended(); }, 500ms);
  CHECK(unread.bytes().empty());
  CHECK(here.counts().refused == 1);
  CHECK(here.counts().accepted == 4);
  first.hang_up();
  here.expect([&] { return here.counts().sockets == 2; });
  here.welcomed("third");
}

TEST_CASE("gate: who comes faster than allowed waits, and is let in") {
  scene here{1, 2, with({.accepts_a_second = 20})};
  for (int i = 0; i < 62; ++i)
    here.dial().greet("hasty");
  here.sim.advance(1s);
  CHECK(here.counts().accepted >= 18);
  CHECK(here.counts().accepted <= 23);
  here.sim.advance(1s);
  CHECK(here.counts().accepted <= 43);
  here.sim.advance(1100ms);
  CHECK(here.counts().accepted == 62);
  CHECK(here.counts().admitted == 62);
  CHECK(here.counts().refused == 0);
}

TEST_CASE("gate: a hello that is longer than allowed is refused") {
  expect_refused(
      close_code::frame_too_large,
      [](scene&, raw_client& bad) {
        bad.send(protocol::encode_preface())
            .send(header(300, static_cast<std::uint8_t>(frame_type::hello)));
      },
      with({.most_hello_bytes = 300}));
}

TEST_CASE("address_book: forgets addresses that nobody is connected from") {
  address_book book;
  std::vector<std::unique_ptr<ticket>> staying;
  staying.reserve(10);
  for (int i = 0; i < 10; ++i)
    staying.push_back(book.enter("stays", 10));
  CHECK(book.enter("stays", 10) == nullptr);
  for (int i = 0; i < 10'000; ++i)
    CHECK(book.enter(std::to_string(i), 1) != nullptr);
  CHECK(book.size() <= 128);
  CHECK(book.enter("stays", 10) == nullptr);
  staying.pop_back();
  CHECK(book.enter("stays", 10) != nullptr);
}

TEST_CASE("token_bucket: says how long the next one takes") {
  token_bucket bucket;
  const instant begin{1h};
  CHECK(bucket.until_next(begin, 2, 100ms) <= 0s);
  CHECK(bucket.take(begin, 2, 100ms));
  CHECK(bucket.until_next(begin, 2, 100ms) == 0s);
  CHECK(bucket.take(begin, 2, 100ms));
  CHECK(bucket.until_next(begin, 2, 100ms) == 100ms);
  CHECK_FALSE(bucket.take(begin + 99ms, 2, 100ms));
  CHECK(bucket.until_next(begin + 99ms, 2, 100ms) == 1ms);
  CHECK(bucket.take(begin + 100ms, 2, 100ms));
}
