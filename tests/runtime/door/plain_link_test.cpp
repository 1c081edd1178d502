#include "byssus/tests/catch.hpp"

#include "fixtures/linked_app.hpp"
#include "scene.hpp"
#include <string>

using namespace byssus;
using namespace byssus::testing;
using namespace std::chrono_literals;

namespace {

link_config plain_to(const endpoint& where) {
  link_config config;
  config.endpoints = {where};
  config.mode = link_mode::plain;
  config.ping_lines = true;
  config.retry = backoff_policy::fixed(3s, 5);
  return config;
}

bool hears(linked_app& app, const std::string& text) {
  std::string all;
  for (const auto& note : app.taken()) {
    if (note.starts_with(": "))
      all += note.substr(2);
  }
  return all.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("plain link: two of them talk in a node's lobby for an hour, and neither is suspected") {
  scene here{3};
  linked_app ann{here.sim, plain_to(here.where), "ann"};
  linked_app bob{here.sim, plain_to(here.where), "bob"};
  here.sim.advance(10s);
  for (int minute = 0; minute < 60; ++minute) {
    const auto line = "minute " + std::to_string(minute) + '\n';
    CHECK(ann.ask<text_sent>(say_request{line}, 1min) == "ok");
    CHECK(hears(bob, line));
  }
  for (auto* app : {&ann, &bob}) {
    CHECK(app->last.phase == link_phase::up);
    CHECK(app->last.attempt == 1);
  }
}

TEST_CASE("plain link: what breaks between it and a node is found, and it comes back") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    scene here{seed, 2};
    auto& network = here.sim.network();
    linked_app ann{here.sim, plain_to(here.where), "ann"};
    linked_app bob{here.sim, plain_to(here.where), "bob"};
    for (int fault = 0; fault < 6; ++fault) {
      here.sim.advance(10s);
      const bool struck = fault % 3 == 0   ? network.reset_one("ann", here.where.host)
                          : fault % 3 == 1 ? network.silence_one("ann", here.where.host)
                                           : network.silence_direction(here.where.host, "ann");
      CHECK(struck);
      here.expect([&] { return ann.last.phase == link_phase::down; }, 8s);
      here.expect([&] { return ann.last.phase == link_phase::up; }, 4s);
    }
    here.sim.advance(30s);  // what was silenced is reaped
    static_cast<void>(ann.taken());
    CHECK(bob.ask<text_sent>(say_request{"well?\n"}, 1s) == "ok");
    CHECK(hears(ann, ": well?\n"));
    CHECK(bob.last.attempt == 1);
    CHECK(here.counts().sockets == 2);
  }
}
