#include "byssus/protocol/control.hpp"
#include "byssus/protocol/payload.hpp"
#include "byssus/tests/catch.hpp"

#include "scene.hpp"
#include <stdexcept>
#include <string>
#include <vector>

using namespace byssus;
using namespace byssus::testing;
using namespace std::chrono_literals;
using protocol::frame_type;

namespace {

void serve(scene& here, const std::string& name, const inline_service& service) {
  bool done = false;
  here.tree->serve(name, service, [&] { done = true; });
  here.expect([&] { return done; });
}

void call(raw_client& caller, const std::string& service, std::string_view payload,
          std::uint64_t id = 7) {
  caller.send(protocol::encode_call(
      {id, protocol::content_kind::text, service, protocol::as_bytes(payload)}));
}

/// Answers with as many bytes as the call's payload says.
void write_much(const service_call& asked, service_answer& answer) {
  answer.reply(content::text, std::string(std::stoul(std::string{asked.payload}), 'b'));
}

/// The payload bytes of the one reply that came.
std::size_t replied(const raw_client& caller) {
  std::size_t bytes = 0;
  for (const auto& frame : caller.frames())
    bytes += frame.type == frame_type::reply ? frame.body.size() : 0;
  return bytes - 9;  // its head
}

/// `ID CODE` of the one error that comes.
std::string failure_of(scene& here, raw_client& caller) {
  here.expect([&] { return caller.count(frame_type::error) == 1; });
  const auto last = caller.last(frame_type::error);
  const auto parsed = protocol::parse_error(protocol::as_bytes(last->body));
  REQUIRE(parsed);
  CHECK(parsed->about == "call");
  return std::to_string(parsed->number) + ' ' + parsed->code;
}

}  // namespace

TEST_CASE(
    "services: an ack rides along with every eighth reply, and what is left is told within 100 "
    "ms") {
  scene here;
  serve(here, "echo", [](const service_call& asked, service_answer& answer) {
    answer.reply(asked.kind, asked.payload);
  });
  auto& caller = here.welcomed("ann");
  const auto call_again = [&](std::size_t times) {
    for (; times > 0; --times) {
      const auto replies = caller.count(frame_type::reply);
      call(caller, "echo", "x");
      here.expect([&] { return caller.count(frame_type::reply) == replies + 1; });
    }
  };
  const auto told = [&] {
    const auto last = caller.last(frame_type::ack);
    const auto received = last ? protocol::parse_ack(protocol::as_bytes(last->body))
                               : protocol::result<std::uint64_t>{0};
    return std::pair{caller.count(frame_type::ack), received ? *received : 0};
  };
  const auto began = here.sim.now();
  call_again(7);
  CHECK(told() == std::pair{std::size_t{0}, std::uint64_t{0}});
  call_again(1);
  CHECK(told() == std::pair{std::size_t{1}, std::uint64_t{8}});
  call_again(3);
  CHECK(here.sim.now() - began < protocol::ack_deadline);
  CHECK(told() == std::pair{std::size_t{1}, std::uint64_t{8}});
  here.sim.advance(protocol::ack_deadline + 10ms);
  CHECK(told() == std::pair{std::size_t{2}, std::uint64_t{11}});
}

TEST_CASE("services: a call is answered under its id, on whichever reactor it comes") {
  scene here{1, 2};
  serve(here, "greet", [](const service_call& asked, service_answer& answer) {
    answer.reply(content::json, std::string{asked.client} + " says " + std::string{asked.payload});
  });
  for (const auto* name : {"ann", "bob"}) {
    auto& caller = here.welcomed(name);
    call(caller, "greet", "hello", 42);
    here.expect([&] { return caller.count(frame_type::reply) == 1; });
    const auto last = caller.last(frame_type::reply);
    const auto reply = protocol::parse_reply(protocol::as_bytes(last->body));
    REQUIRE(reply);
    CHECK(reply->id == 42);
    CHECK(reply->kind == protocol::content_kind::json);
    CHECK(protocol::as_text(reply->payload) == std::string{name} + " says hello");
  }
}

TEST_CASE("services: an answer longer than a frame comes whole") {
  scene here;
  const std::string book(700'000, 'b');
  serve(here, "read",
        [&](const service_call&, service_answer& answer) { answer.reply(content::text, book); });
  auto& caller = here.welcomed("ann");
  call(caller, "read", "");
  here.expect([&] { return caller.count(frame_type::reply) == 3; });
  std::string all;
  for (const auto& frame : caller.frames()) {
    if (frame.type == frame_type::reply)
      all += frame.body;
  }
  CHECK(all.substr(9) == book);
}

TEST_CASE("services: a call that nobody answers, refuses or can answer is an error of its own") {
  scene here;
  serve(here, "silent", [](const service_call&, service_answer&) {});
  serve(here, "broken",
        [](const service_call&, service_answer&) { throw std::runtime_error{"out of ideas"}; });
  serve(here, "odd", [](const service_call&, service_answer&) { throw 42; });
  serve(here, "strict", [](const service_call&, service_answer& answer) {
    answer.refuse("too_late", "come back tomorrow");
    answer.reply(content::text, "the second answer");
  });
  for (const auto* expected : {"silent 7 failed", "broken 7 failed", "odd 7 failed",
                               "strict 7 too_late", "unknown 7 no_such_service"}) {
    const std::string text{expected};
    const auto service = text.substr(0, text.find(' '));
    auto& caller = here.welcomed("who asks " + service);
    call(caller, service, "");
    CHECK(failure_of(here, caller) == text.substr(service.size() + 1));
    CHECK(caller.count(frame_type::reply) == 0);
    CHECK_FALSE(caller.ended());
  }
  CHECK(
      here.lines_with("service ") ==
      std::vector<std::string>{"service broken failed: out of ideas",
                               "service odd failed: it threw something that is no std::exception"});
}

TEST_CASE("services: a refusal whose code is no word comes as failed, and counts once") {
  scene here;
  serve(here, "rude", [](const service_call& asked, service_answer& answer) {
    answer.refuse(asked.payload, "come back tomorrow");
  });
  for (const auto& code : {std::string{"Too late!"}, std::string{}, std::string(65, 'x')}) {
    CAPTURE(code);
    auto& caller = here.welcomed("ann");
    call(caller, "rude", code);
    CHECK(failure_of(here, caller) == "7 failed");
    caller.send(protocol::encode_ack(1));
    here.sim.advance(1s);
    CHECK_FALSE(caller.ended());
    caller.send(protocol::encode_ack(2));
    here.expect([&] { return caller.ended(); });
    CHECK(caller.code() == protocol::close_code::bad_count);
  }
}

TEST_CASE(
    "services: the largest reply comes whole, and one byte more is refused before it begins") {
  scene here;
  serve(here, "write", write_much);
  const std::size_t longest = node_rules{}.offer.limits.message_bytes;
  auto& caller = here.welcomed("ann");
  call(caller, "write", std::to_string(longest));
  here.sim.advance(1s);
  CHECK(replied(caller) == longest);
  call(caller, "write", std::to_string(longest + 1), 8);
  CHECK(failure_of(here, caller) == "8 too_large");
  CHECK(replied(caller) == longest);
  here.sim.advance(1s);
  CHECK_FALSE(caller.ended());
}

TEST_CASE("services: nothing is sent after the frame that was one too many for its client") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    scene here{seed};
    serve(here, "write", write_much);
    auto& caller = here.welcomed("ann");
    std::string calls;
    for (const auto* bytes : {"700000", "700000", "5"})
      calls += protocol::as_text(protocol::encode_call({1, protocol::content_kind::text, "write",
                                                        protocol::as_bytes(bytes)})
                                     .bytes());
    caller.send(calls);
    here.expect([&] { return caller.ended(); });
    CHECK(caller.code() == protocol::close_code::slow_consumer);
    CHECK(caller.last(frame_type::reply)->body.size() == protocol::max_frame_bytes - 6);
  }
}

TEST_CASE("services: a direct, and a reply to no call, are errors that say so") {
  scene here;
  const auto error_after = [&](raw_client& sender) {
    here.expect([&] { return sender.count(frame_type::error) == 1; });
    const auto parsed =
        protocol::parse_error(protocol::as_bytes(sender.last(frame_type::error)->body));
    REQUIRE(parsed);
    return parsed->about + ' ' + parsed->code;
  };
  auto& ann = here.welcomed("ann");
  ann.send(protocol::encode_direct({protocol::content_kind::text, "bob", {}}));
  CHECK(error_after(ann) == "direct not_supported");
  auto& bob = here.welcomed("bob");
  bob.send(protocol::encode_reply({1, protocol::content_kind::text, {}}));
  CHECK(error_after(bob) == "reply no_such_call");
}

TEST_CASE("services: one of the same name takes the place of the one before") {
  scene here;
  const auto saying = [](const char* word) {
    return
        [word](const service_call&, service_answer& answer) { answer.reply(content::text, word); };
  };
  serve(here, "word", saying("first"));
  serve(here, "word", saying("second"));
  auto& caller = here.welcomed("ann");
  call(caller, "word", "");
  here.expect([&] { return caller.count(frame_type::reply) == 1; });
  CHECK(caller.last(frame_type::reply)->body.substr(9) == "second");
}
