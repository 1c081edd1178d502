#include "byssus/actors/links/plain_session.hpp"

#include "byssus/runtime/testing/simulation.hpp"
#include "byssus/tests/catch.hpp"

#include "fixtures/neighbours.hpp"
#include <string>
#include <vector>

using namespace byssus;
using namespace byssus::testing;
using namespace std::chrono_literals;

namespace {

/// Takes all, and brings nothing.
struct patient_socket final : transport {
  void attach(transport_listener&) override {}
  bool send(std::span<const std::byte>, lane) override { return true; }
  std::size_t unsent_bytes() const noexcept override { return 0; }
  void poll() override {}
  void close() override {}
  std::unique_ptr<detached_socket> release() override { return nullptr; }
  std::string peer() const override { return {}; }
};

/// What a test does with a session, as the SUPERVISOR that owns it.
using deeds = std::function<void(plain_session&)>;

reconnect_supervisor_actor::behavior_type owner_of_session(reconnect_supervisor_actor::pointer self,
                                                           link_observer_actor app, deeds deed) {
  const plain_session::bounds most{10, {.frames = 3, .bytes = 10}};
  deed(*std::make_shared<plain_session>(self, std::move(app), most));
  return fake_supervisor(self, std::make_shared<neighbour_script>());
}

/// Each batch of messages that the app was handed, its texts one behind the other.
std::vector<std::string> handed_by(const deeds& deed) {
  simulation world{1};
  std::vector<std::string> batches;
  auto observe = [](link_observer_actor::pointer, std::vector<std::string>* seen) {
    return link_observer_actor::behavior_type{[](const link_state&) {},
                                              [seen](const message_batch& batch) {
                                                std::string texts;
                                                for (const auto& each : batch.messages)
                                                  texts += each.payload + '|';
                                                seen->push_back(texts);
                                              }};
  };
  auto app = world.system().spawn(observe, &batches);
  auto owner = world.host("client").reactor().spawn(owner_of_session, app, deed);
  world.advance(1s);
  return batches;
}

}  // namespace

TEST_CASE("plain session: what is heard before the app knows that the link is up waits for that") {
  patient_socket socket;
  CHECK(handed_by([&](plain_session& session) {
          session.begin(1, socket);
          CHECK(session.hear("one"));
          session.flush();
          CHECK(session.hear("two"));
          session.flush();
        }).empty());
  CHECK(handed_by([&](plain_session& session) {
          session.begin(1, socket);
          CHECK(session.hear("one"));
          session.flush();
          CHECK(session.hear("two"));
          session.end();  // gone already, and what it said is not
          session.on_announced();
        }) == std::vector<std::string>{"one|two|"});
}

TEST_CASE("plain session: what the app has not handled is bounded, over all connections") {
  patient_socket socket;
  CHECK(handed_by([&](plain_session& session) {
          session.begin(1, socket);
          session.on_announced();
          CHECK(session.hear("12345"));
          session.flush();
          CHECK(session.hear("1234"));
          session.flush();
          CHECK_FALSE(session.hear("12"));
          session.on_handled({1});
          CHECK(session.hear("123456"));
          session.flush();
          session.on_handled({7});  // of another connection
          CHECK_FALSE(session.hear("x"));
          session.end();
          session.begin(2, socket);
          session.on_announced();
          CHECK_FALSE(session.hear("x"));
          session.on_handled({1});  // late, of the one before
          CHECK(session.hear("4321"));
          CHECK_FALSE(session.hear("x"));
          session.flush();
          session.on_handled({1});
          CHECK(session.hear("654321"));
        }) == std::vector<std::string>{"12345|", "1234|", "123456|", "4321|"});
}

TEST_CASE("plain session: what the app has not handled is bounded in texts, too") {
  patient_socket socket;
  CHECK(handed_by([&](plain_session& session) {
          session.begin(1, socket);
          session.on_announced();
          for (int i = 0; i < 3; ++i) {
            CHECK(session.hear("x"));
            session.flush();
          }
          CHECK_FALSE(session.hear("x"));
          session.on_handled({1});
          CHECK(session.hear("x"));
          CHECK_FALSE(session.hear("x"));
        }).size() == 3);
}

TEST_CASE("plain session: one text has room, however long, while the app has nothing else") {
  patient_socket socket;
  const std::string much(100, 'x');
  CHECK(handed_by([&](plain_session& session) {
          session.begin(1, socket);
          session.on_announced();
          CHECK(session.hear(much));
          CHECK_FALSE(session.hear("x"));
          session.flush();
          CHECK_FALSE(session.hear("x"));
          session.on_handled({1});
          CHECK(session.hear(much));
        }) == std::vector<std::string>{much + '|'});
}
