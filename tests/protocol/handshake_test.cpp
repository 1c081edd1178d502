#include "byssus/protocol/handshake.hpp"

#include "byssus/tests/catch.hpp"

#include "vectors.hpp"

using namespace byssus::protocol;
using namespace std::chrono_literals;

TEST_CASE("handshake: the preface is the eight bytes of the design") {
  CHECK(vectors::to_hex(encode_preface().bytes()) == "f5425953530d0a00");
}

TEST_CASE("negotiate: features in common, in the order of the offer") {
  hello greeting;
  greeting.features = {"c", "x", "a"};
  CHECK(negotiate(greeting, {.features = {"a", "b", "c"}}).features ==
        std::vector<std::string>{"a", "c"});
  CHECK(negotiate(hello{}, {.features = {"a"}}).features.empty());
}

TEST_CASE("negotiate: the node decides the heartbeat within its bounds") {
  const offer node{.shortest_heartbeat = 2s, .longest_heartbeat = 10s};
  hello greeting;
  greeting.heartbeat = 5s;
  CHECK(negotiate(greeting, node).heartbeat == 5s);
  greeting.heartbeat = 10ms;
  CHECK(negotiate(greeting, node).heartbeat == 2s);
  greeting.heartbeat = 1h;
  CHECK(negotiate(greeting, node).heartbeat == 10s);
}

TEST_CASE("negotiate: limits and window are the node's, the name is the client's") {
  offer node;
  node.limits = {.frame_bytes = 2048, .message_bytes = 4096};
  node.window = {.frames = 3, .bytes = 5000};
  hello greeting;
  greeting.name = "ann";
  const auto answer = negotiate(greeting, node);
  CHECK(answer.limits == node.limits);
  CHECK(answer.window == node.window);
  CHECK(answer.name == "ann");
}

TEST_CASE("negotiate: a resume is refused with a reason until the caller fills the session in") {
  hello greeting;
  CHECK(negotiate(greeting, {}).reason.empty());
  greeting.resume = resume_request{"token", 4, 1};
  const auto answer = negotiate(greeting, {});
  CHECK_FALSE(answer.resumed);
  CHECK(answer.reason == "session unknown");
  CHECK(answer.session.empty());
}

TEST_CASE("handshake: every welcome that is negotiated can be encoded and parsed") {
  hello greeting;
  greeting.features = {"resume"};
  const auto answer = negotiate(greeting, {.features = {"resume"}});
  const auto made = encode_welcome(answer);
  REQUIRE(made);
  CHECK(*parse_welcome(made.view().body) == answer);
}

TEST_CASE("handshake: what is out of range is not encoded") {
  const auto refused = [](auto change) {
    hello greeting;
    change(greeting);
    return !encode_hello(greeting);
  };
  CHECK_FALSE(refused([](hello&) {}));
  CHECK(refused([](hello& h) { h.heartbeat = 9ms; }));
  CHECK(refused([](hello& h) { h.heartbeat = -1ms; }));
  CHECK(refused([](hello& h) { h.name = "a\nb"; }));
  CHECK(refused([](hello& h) { h.name = "a\xff"; }));
  CHECK(refused([](hello& h) { h.publisher = max_number + 1; }));
  CHECK(refused([](hello& h) { h.features = {"Upper"}; }));
  CHECK(refused([](hello& h) { h.window.frames = 0; }));
  CHECK(refused([](hello& h) { h.resume = resume_request{"a b", 0, 1}; }));
}
