#include "byssus/tests/catch.hpp"

#include "support/dialing.hpp"
#include "support/scripted_resolver.hpp"
#include "support/wired.hpp"

using namespace byssus;
using namespace byssus::tests;
using namespace std::chrono_literals;

TEST_CASE(
    "dialer: a numeric address leads to a connected transport, which talks once it is attached") {
  loops running;
  raw_listener listener;
  transport_log log;  // outlives the transport that it listens to
  dialing one{running, local(listener.port())};
  REQUIRE(one.end() == "dialed");
  auto peer = listener.accept();
  peer.send("welcome");
  running.on([&] {
    one.fresh().attach(log);
    CHECK(one.fresh().send(bytes_of("hello"), lane::bulk));
    CHECK(one.fresh().peer() == to_string(local(listener.port())));
  });
  CHECK(log.received(7) == "welcome");
  CHECK(peer.read(5) == "hello");
}

TEST_CASE("dialer: a port without a listener refuses, and the detail names it") {
  loops running;
  const raw_listener bound_only{-1};
  dialing one{running, local(bound_only.port())};
  CHECK(one.end() == "connect_refused");
  CHECK(one.detail().find(to_string(local(bound_only.port()))) != std::string::npos);
}

TEST_CASE("dialer: a listener that never answers ends the dial at its connect deadline") {
  loops running;
  const raw_listener full{0};
  // The kernel drops further handshakes once the backlog is full.
  std::vector<std::unique_ptr<dialing>> fillers;
  fillers.reserve(4);
  while (fillers.size() < 4)
    fillers.push_back(std::make_unique<dialing>(running, local(full.port())));
  CHECK(fillers.front()->end() == "dialed");
  dialing one{running, local(full.port()), {20s, 150ms}};
  CHECK(one.end() == "connect_timeout");
  CHECK(one.took() >= 150ms);
}

TEST_CASE("dialer: a name is resolved, and an address that refuses is followed by the next") {
  loops running;
  raw_listener listener;
  dialing one{running, {"127.0.0.2,127.0.0.1.listed", listener.port()}};
  REQUIRE(one.end() == "dialed");
  CHECK(running.on([&] { return one.fresh().peer(); }) == to_string(local(listener.port())));
}

TEST_CASE("dialer: an unknown name fails with its reason, and the detail names the host") {
  loops running;
  dialing one{running, {"no.such.host", 7400}};
  CHECK(one.end() == "resolve_failed");
  CHECK(one.detail().find("no.such.host") != std::string::npos);
}

TEST_CASE("dialer: a dial that is destroyed ends silently, while it resolves or connects") {
  loops running;
  raw_listener listener;
  dialing numeric{running, local(listener.port())};
  dialing named{running, {"give.up.hangs", 7400}};
  REQUIRE(scripted_resolver::instance().hanging(1));
  named.give_up();
  scripted_resolver::instance().release();
  dialing after{running, {"localhost", listener.port()}};
  CHECK(after.end() == "dialed");
  CHECK(named.ends() == 0);
  CHECK(numeric.end() == "dialed");
}

TEST_CASE(
    "dialer: a resolver that hangs delays neither numeric addresses nor names that another thread "
    "resolves") {
  loops running;
  raw_listener listener;
  dialing hung{running, {"one.hangs", 7400}};
  REQUIRE(scripted_resolver::instance().hanging(1));
  dialing numeric{running, local(listener.port())};
  dialing named{running, {"localhost", listener.port()}};
  CHECK(numeric.end() == "dialed");
  CHECK(named.end() == "dialed");
  CHECK(hung.ends() == 0);
  hung.give_up();
  scripted_resolver::instance().release();
}

TEST_CASE(
    "dialer: while all resolver threads hang, names fail at their deadline, and recover "
    "afterwards") {
  loops running{{.resolver_threads = 2}};
  raw_listener listener;
  dialing first{running, {"one.hangs", 7400}, {100ms, 20s}};
  dialing second{running, {"two.hangs", 7400}, {100ms, 20s}};
  REQUIRE(scripted_resolver::instance().hanging(2));
  dialing third{running, {"localhost", listener.port()}, {100ms, 20s}};
  for (auto* each : {&first, &second, &third}) {
    CHECK(each->end() == "resolve_timeout");
    CHECK(each->took() >= 100ms);
  }
  CHECK(third.detail().find("localhost") != std::string::npos);
  scripted_resolver::instance().release();
  dialing again{running, {"localhost", listener.port()}};
  CHECK(again.end() == "dialed");
  CHECK(third.ends() == 1);
}

TEST_CASE("reactor pool: a resolver that hangs does not delay its end") {
  {
    loops running;
    dialing hung{running, {"stop.hangs", 7400}};
    REQUIRE(scripted_resolver::instance().hanging(1));
    // Everything ends here, while the name is still being looked up.
  }
  CHECK(scripted_resolver::instance().hanging(1));
  scripted_resolver::instance().release();
}
