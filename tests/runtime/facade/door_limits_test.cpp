#include "byssus/runtime/detail/door_limits.hpp"

#include "byssus/tests/catch.hpp"

using namespace byssus;
using byssus::detail::limit_door;
using namespace std::chrono_literals;

TEST_CASE("door_limits: unless configured, connections are as many as descriptors allow") {
  const auto limits = limit_door({}, {.most = 2000, .open = 20});
  CHECK(limits.warning.empty());
  CHECK(limits.rules.most_turned_away == 119);
  CHECK(limits.rules.most_sockets + limits.rules.most_turned_away == 2000 - 20 - 64);
  CHECK(validate(limits.rules).empty());
}

TEST_CASE("door_limits: fewer than descriptors allow are taken as configured") {
  const auto limits = limit_door({.most_connections = 500}, {.most = 2000, .open = 20});
  CHECK(limits.warning.empty());
  CHECK(limits.rules.most_sockets == 500);
}

TEST_CASE("door_limits: more than descriptors allow are said to come to what they allow") {
  const auto limits = limit_door({.most_connections = 5000}, {.most = 2000, .open = 20});
  CHECK(limits.rules.most_sockets == 1797);
  CHECK(limits.warning ==
        "this process may have 2000 descriptors, which is enough for 1797 connections, not for "
        "5000; raise it with ulimit -n");
}

TEST_CASE("door_limits: a process with hardly a descriptor still makes a door that works") {
  const auto limits = limit_door({}, {.most = 30, .open = 20});
  CHECK(limits.rules.most_sockets == 1);
  CHECK(validate(limits.rules).empty());
}

TEST_CASE("door_limits: the other limits are those configured") {
  config all;
  all.most_per_address = 7;
  all.most_listeners = 8;
  all.accept_rate = 9;
  all.hello_deadline = 10s;
  all.most_hello_bytes = 110;
  const auto rules = limit_door(all, {}).rules;
  CHECK(rules.most_per_address == 7);
  CHECK(rules.most_plain_listeners == 8);
  CHECK(rules.accepts_a_second == 9);
  CHECK(rules.hello_deadline == 10s);
  CHECK(rules.most_hello_bytes == 110);
  CHECK(rules.most_sockets == door_rules{}.most_sockets);
}
