#include "byssus/protocol/control.hpp"
#include "byssus/protocol/fragments.hpp"
#include "byssus/runtime/detail/speech_queue.hpp"
#include "byssus/tests/catch.hpp"

#include "scene.hpp"
#include <string>
#include <vector>

using namespace byssus;
using namespace byssus::testing;
using namespace std::chrono_literals;
using protocol::frame_type;

namespace {

protocol::presence presence_of(scene& here, raw_client& asker, const std::string& room) {
  const auto before = asker.count(frame_type::presence);
  asker.send(protocol::encode_presence_request({room}));
  here.expect([&] { return asker.count(frame_type::presence) > before; });
  const auto parsed =
      protocol::parse_presence(protocol::as_bytes(asker.last(frame_type::presence)->body));
  REQUIRE(parsed);
  return *parsed;
}

std::string error_code(scene& here, raw_client& asker) {
  here.expect([&] { return asker.count(frame_type::error) > 0; });
  const auto parsed =
      protocol::parse_error(protocol::as_bytes(asker.last(frame_type::error)->body));
  REQUIRE(parsed);
  asker.forget();
  return parsed->about + ' ' + parsed->room + ' ' + parsed->code;
}

raw_client& member(scene& here, const std::string& name, const std::string& room) {
  auto& fresh = here.welcomed(name).send(protocol::encode_subscribe({room, {}}));
  here.expect([&] { return fresh.count(frame_type::subscribed) == 1; });
  return fresh;
}

void publish_long(raw_client& writer, std::string_view room, std::string_view text,
                  std::uint64_t number) {
  for (const auto& part :
       protocol::split(protocol::publish_view{7, number, protocol::content_kind::text, room,
                                              protocol::as_bytes(text)},
                       protocol::max_frame_bytes))
    writer.send(part);
}

/// The lengths of the messages that came, put together as clients do it by default.
std::vector<std::size_t> payload_sizes(const raw_client& reader) {
  protocol::reassembler whole;
  protocol::decoder decoder;
  decoder.limit(protocol::max_frame_bytes);
  std::vector<std::size_t> sizes;
  (void)decoder.feed(protocol::as_bytes(reader.bytes()), [&](const protocol::frame_view& frame) {
    CHECK_FALSE(whole.feed(frame, [&](const protocol::whole_body& body) {
      if (body.type == frame_type::message)
        sizes.push_back(protocol::parse_message(body.body).operator*().payload.size());
    }));
  });
  return sizes;
}

/// Asserts that what follows each `subscribed` goes on where that said, without gap or repetition.
std::size_t check_contiguous(const raw_client& client) {
  std::uint64_t next = 0;
  std::size_t messages = 0;
  for (const auto& frame : client.frames()) {
    if (frame.type == frame_type::subscribed) {
      next = protocol::parse_subscribed(protocol::as_bytes(frame.body)).operator*().at.offset + 1;
    } else if (frame.type == frame_type::message) {
      const auto message = protocol::parse_message(protocol::as_bytes(frame.body));
      REQUIRE(message);
      REQUIRE(message->offset == next);
      ++next;
      ++messages;
    }
  }
  return messages;
}

}  // namespace

TEST_CASE(
    "rooms: all members see the same messages in the same order, on one reactor and on three") {
  for (const std::size_t reactors : {1UL, 3UL}) {
    CAPTURE(reactors);
    scene here{7, reactors};
    std::vector<raw_client*> members;
    for (const auto* name : {"a", "b", "c", "d", "e", "f"})
      members.push_back(&member(here, name, "den"));
    for (std::uint64_t round = 1; round <= 20; ++round) {
      for (auto* each : members)
        each->send(publish("den", "round " + std::to_string(round), round));
      here.sim.advance(1ms);
    }
    for (auto* each : members) {
      here.expect([&] {
        return each->count(frame_type::message) == 120 && each->count(frame_type::receipt) == 20;
      });
      CHECK(check_contiguous(*each) == 120);
      CHECK(each->messages("den") == members.front()->messages("den"));
    }
  }
}

TEST_CASE("rooms: a receipt names the place that the message has for everybody") {
  scene here{3, 3};
  auto& reader = member(here, "reader", "den");
  auto& writer = here.welcomed("writer");
  for (std::uint64_t i = 1; i <= 5; ++i)
    writer.send(publish("den", "no " + std::to_string(i), i));
  here.expect([&] {
    return writer.count(frame_type::receipt) == 5 && reader.count(frame_type::message) == 5;
  });
  const auto last =
      protocol::parse_receipt(protocol::as_bytes(writer.last(frame_type::receipt)->body));
  REQUIRE(last);
  CHECK(last->number == 5);
  CHECK(last->at.offset == 5);
  CHECK(reader.messages("den").back() == "5 writer: no 5");
  const auto joined =
      protocol::parse_subscribed(protocol::as_bytes(reader.last(frame_type::subscribed)->body));
  REQUIRE(joined);
  CHECK(joined->at.epoch == last->at.epoch);
}

TEST_CASE("rooms: who is there is known on all reactors, and who left or was lost is not there") {
  for (const std::size_t reactors : {1UL, 3UL}) {
    CAPTURE(reactors);
    scene here{5, reactors};
    auto& ann = member(here, "ann", "den");
    auto& bob = member(here, "bob", "den");
    auto& eve = member(here, "eve", "den");
    CHECK(presence_of(here, ann, "den").names == std::vector<std::string>{"ann", "bob", "eve"});
    bob.send(protocol::encode_unsubscribe({"den"}));
    here.sim.advance(1s);
    CHECK(presence_of(here, ann, "den").names == std::vector<std::string>{"ann", "eve"});
    eve.hang_up();
    here.sim.advance(1s);
    CHECK(presence_of(here, bob, "den").count == 1);
    CHECK(presence_of(here, bob, "nowhere").count == 0);
  }
}

TEST_CASE("rooms: who unsubscribes hears nothing more, and a second time is an error") {
  scene here{2, 3};
  auto& ann = member(here, "ann", "den");
  auto& bob = member(here, "bob", "den");
  ann.send(protocol::encode_unsubscribe({"den"}));
  here.sim.advance(1s);
  bob.send(publish("den", "hello?", 1));
  here.expect([&] { return bob.count(frame_type::message) == 1; });
  here.sim.advance(1s);
  CHECK(ann.count(frame_type::message) == 0);
  ann.send(protocol::encode_unsubscribe({"den"}));
  CHECK(error_code(here, ann) == "unsubscribe den not_subscribed");
}

TEST_CASE("rooms: a session may be in so many rooms and in each once") {
  node_settings few;
  few.most_rooms_each = 2;
  scene here{2, 2, few};
  auto& ann = member(here, "ann", "one");
  ann.send(protocol::encode_subscribe({"one", {}}));
  CHECK(error_code(here, ann) == "subscribe one already_subscribed");
  ann.send(protocol::encode_subscribe({"two", {}}));
  here.expect([&] { return ann.count(frame_type::subscribed) == 1; });
  ann.send(protocol::encode_subscribe({"three", {}}));
  CHECK(error_code(here, ann) == "subscribe three too_many_rooms");
  ann.send(protocol::encode_unsubscribe({"one"})).send(protocol::encode_subscribe({"three", {}}));
  here.expect([&] { return ann.count(frame_type::subscribed) == 1; });
}

TEST_CASE("rooms: who comes and goes all the time never sees a gap or a message twice") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    scene here{seed, 3};
    std::vector<raw_client*> restless;
    for (const auto* name : {"x", "y", "z"})
      restless.push_back(&here.welcomed(name));
    auto& writer = here.welcomed("writer");
    for (std::uint64_t i = 1; i <= 60; ++i) {
      auto& one = *restless[i % 3];
      one.send(protocol::encode_subscribe({"den", {}}));
      writer.send(publish("den", "still here", i));
      here.sim.advance(std::chrono::microseconds{500 * (1 + seed % 8)});
      if (i % 2 == 0)
        one.send(protocol::encode_unsubscribe({"den"}));
    }
    here.expect([&] { return writer.count(frame_type::receipt) == 60; });
    here.sim.advance(1s);
    for (auto* each : restless)
      CHECK(check_contiguous(*each) > 0);
  }
}

TEST_CASE("rooms: a message longer than a frame arrives whole, between others") {
  scene here{4, 3};
  auto& reader = member(here, "reader", "den");
  auto& writer = here.welcomed("writer");
  const std::string text(600'000, 'm');
  publish_long(writer, "den", text, 1);
  writer.send(publish("den", "short", 2));
  here.expect([&] {
    return writer.count(frame_type::receipt) == 2 && reader.count(frame_type::message) == 4;
  });
  CHECK(payload_sizes(reader) == std::vector<std::size_t>{600'000, 5});
}

TEST_CASE(
    "rooms: the largest message, a client's or the node's, reaches all whole, and none larger") {
  node_settings tight;
  tight.rules.offer.limits.message_bytes =
      tight.rules.most_waiting_bytes - node_rules::most_head_bytes;
  for (const auto& settings : {node_settings{}, tight}) {
    const std::size_t longest = settings.rules.offer.limits.message_bytes;
    CAPTURE(longest);
    scene here{4, 2, settings};
    const std::string room(protocol::max_name_bytes, 'r');
    auto& reader = member(here, "reader", room);
    auto& writer = here.welcomed(std::string(protocol::max_name_bytes, 'w'));
    const std::string text(longest, 'm');
    const std::size_t fitting = longest - 17 - 1 - room.size();
    publish_long(writer, room, text.substr(0, fitting), 1);
    here.sim.advance(1s);
    CHECK(here.tree->speak(room, protocol::content_kind::text, text) == errc::none);
    here.sim.advance(1s);
    CHECK(payload_sizes(reader) == std::vector<std::size_t>{fitting, longest});
    CHECK(here.tree->speak(room, protocol::content_kind::text, text + '+') ==
          errc::payload_too_large);
    publish_long(writer, room, text.substr(0, fitting + 1), 2);
    here.expect([&] { return writer.ended(); });
    CHECK(writer.code() == protocol::close_code::message_too_large);
    here.sim.advance(1s);
    CHECK_FALSE(reader.ended());
    CHECK(payload_sizes(reader).size() == 2);
  }
}

TEST_CASE("rooms: a room that all have left begins anew, in another epoch") {
  scene here{6, 2};
  auto& ann = member(here, "ann", "den");
  ann.send(publish("den", "old", 1));
  here.expect([&] { return ann.count(frame_type::message) == 1; });
  const auto old =
      protocol::parse_subscribed(protocol::as_bytes(ann.last(frame_type::subscribed)->body));
  ann.send(protocol::encode_unsubscribe({"den"}));
  here.sim.advance(1s);
  ann.send(protocol::encode_subscribe({"den", {}}));
  here.expect([&] { return ann.count(frame_type::subscribed) == 2; });
  const auto fresh =
      protocol::parse_subscribed(protocol::as_bytes(ann.last(frame_type::subscribed)->body));
  REQUIRE(old);
  REQUIRE(fresh);
  CHECK(fresh->at.offset == 0);
  CHECK(fresh->at.epoch != old->at.epoch);
}

TEST_CASE("rooms: what the node itself says all hear in its order, and it has no sender") {
  for (std::size_t reactors = 1; reactors <= 3; ++reactors) {
    scene here{4, reactors};
    std::vector<raw_client*> clients;
    for (const auto* name : {"ann", "bob", "eve"})
      clients.push_back(&member(here, name, "news"));
    // An LF first: from it on lines count, wherever the network cuts them.
    auto& plain = here.dial().send("\nping\n");
    here.expect([&] { return plain.bytes() == "pong\n"; });
    for (const auto* text : {"one", "two", "three"}) {
      CHECK(here.tree->speak("news", protocol::content_kind::text, text) == errc::none);
      CHECK(here.tree->speak("lobby", protocol::content_kind::text, text) == errc::none);
    }
    here.sim.advance(1s);
    for (const auto* client : clients)
      CHECK(client->messages("news") ==
            std::vector<std::string>{"1 : one", "2 : two", "3 : three"});
    CHECK(plain.bytes() == "pong\none\ntwo\nthree\n");
  }
}

TEST_CASE("rooms: what the node cannot say is refused at once") {
  scene here;
  const auto say = [&](std::string room, std::string text) {
    return here.tree->speak(std::move(room), protocol::content_kind::text, std::move(text));
  };
  const std::size_t longest = node_rules{}.offer.limits.message_bytes;
  CHECK(say("", "x") == errc::invalid_name);
  CHECK(say("a\nb", "x") == errc::invalid_name);
  CHECK(say("news", std::string(longest + 1, 'x')) == errc::payload_too_large);
  const auto fitting = byssus::detail::speech_queue::most_bytes / (longest + 4);
  for (std::size_t i = 0; i < fitting; ++i)
    REQUIRE(say("news", std::string(longest, 'x')) == errc::none);
  CHECK(say("news", std::string(longest, 'x')) == errc::send_overflow);
  here.sim.settle();  // the reactor has taken all
  CHECK(say("news", std::string(longest, 'x')) == errc::none);
}

TEST_CASE("rooms: a burst of the node is said in several turns") {
  scene here;
  const auto say = [&] {
    return here.tree->speak("news", protocol::content_kind::text, std::string(500'000, 'x'));
  };
  while (say() == errc::none) {
  }
  int said_in_a_turn = 0;
  here.node->reactor().post([&] {
    while (say() == errc::none)
      ++said_in_a_turn;
  });
  here.sim.settle();
  CHECK(said_in_a_turn == 1);
}
