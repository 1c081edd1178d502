#include "byssus/tests/catch.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "record.hpp"

using namespace byssus;
using namespace byssus::tests;

namespace {

/// What an app's own observer has seen, for the test to wait on.
struct sightings {
  states seen;
  record<message> heard;
  record<bool> on_reactor;
};

/// An app's actor, in place of callbacks.
link_observer_actor::behavior_type listener(link_observer_actor::pointer self, sightings* noted,
                                            const node* within) {
  return {
      [=](const link_state& now) {
        noted->on_reactor.add(within->on_reactor());
        noted->seen.add(now);
      },
      [=](const message_batch& batch) {
        noted->on_reactor.add(within->on_reactor());
        for (const auto& each : batch.messages)
          noted->heard.add(each);
        self->send(caf::actor_cast<reconnect_supervisor_actor>(self->current_sender()),
                   messages_handled{batch.attempt});
      },
  };
}

}  // namespace

TEST_CASE("caf: an actor observes a link, asks its supervisor, and runs on no reactor") {
  node home{on_loopback()};
  caf::actor_system_config settings;
  init(settings);
  caf::actor_system system{settings};
  sightings noted;
  {
    node apps{system, quiet()};
    const auto observer = system.spawn(listener, &noted, &apps);
    const auto supervisor = apps.connect(to_config(options_for(home, "ann")), observer);
    REQUIRE(reaches(noted.seen, link_phase::up));

    caf::scoped_actor asker{system};
    asker->request(supervisor, caf::infinite, join_request{"lobby"})
        .receive([](const joined& confirmed) { CHECK(confirmed.room == "lobby"); },
                 [&](const caf::error& refused) { FAIL(system.render(refused)); });
    for (int i = 0; i < 300; ++i)  // several windows' worth of batches, each handled
      asker->request(supervisor, caf::infinite, publish_request{"lobby", content::text, "x"})
          .receive([](const receipt&) {},
                   [&](const caf::error& refused) { FAIL(system.render(refused)); });
    REQUIRE(noted.heard.wait_count(300));
    for (const bool each : noted.on_reactor.all())
      CHECK_FALSE(each);

    apps.stop();
    apps.run();
    CHECK(reaches(noted.seen, link_phase::failed));
  }
  // The node is gone; the system is still the app's.
  const auto answer = system.spawn(
      [](int step) -> caf::behavior { return {[step](int x) { return x + step; }}; }, 1);
  caf::scoped_actor asker{system};
  asker->request(answer, caf::infinite, 41)
      .receive([](int found) { CHECK(found == 42); },
               [](const caf::error&) { FAIL("the system works no more"); });
}

TEST_CASE("caf: errors of this library print as sentences") {
  caf::actor_system_config settings;
  init(settings);
  caf::actor_system system{settings};
  CHECK(system.render(make_error(errc::address_in_use)) == "another program listens on that port");
  CHECK(system.render(make_error(errc::invalid_name, "room")) ==
        std::string{sentence(errc::invalid_name)} + ": room");
}

TEST_CASE("caf: actors that are spawned by a node run on no reactor") {
  node home{on_loopback()};
  record<bool> on_reactor;
  const auto worker = home.spawn(
      [&](int wanted) -> caf::behavior {
        return {[&, wanted](int x) { on_reactor.add(x != wanted || home.on_reactor()); }};
      },
      1);
  caf::anon_send(worker, 1);
  REQUIRE(on_reactor.wait_count(1));
  CHECK_FALSE(on_reactor.all().front());
}
