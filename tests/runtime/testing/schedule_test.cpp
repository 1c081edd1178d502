#include "byssus/tests/catch.hpp"

#include "probes.hpp"

using namespace byssus;
using namespace byssus::testing;

namespace {

fault_schedule_config three_clients() {
  fault_schedule_config config;
  config.clients = {"ada", "bob", "cem"};
  config.servers = {"node"};
  return config;
}

/// A client that dials again a second after each end, for ever.
struct stubborn final : dial_listener, transport_listener, timer_listener {
  explicit stubborn(simulated_reactor& at)
      : home(at), pause(at.timers(), *this), beat(at.timers(), *this) {
    dial_again();
  }
  void dial_again() { attempt = home.dialer().start({"node", 7400}, {5s, 5s}, *this); }
  void on_dialed(std::unique_ptr<transport> fresh) override {
    socket = std::move(fresh);
    socket->attach(*this);
    heard = home.now();
    beat.start(5s);
    attempt.reset();
  }
  void on_dial_failed(errc, std::string_view) override { pause.start(1s); }
  void on_bytes(std::span<const std::byte>) override { heard = home.now(); }
  void on_ended() override { lose(); }
  void on_drained() override {}
  void on_polled() override {}
  void on_closed(errc) override { lose(); }
  void on_timer(timer& expired) override {
    if (&expired == &pause)
      return dial_again();
    if (home.now() - heard > 15s || !socket->send(bytes_of("ping"), lane::urgent))
      return lose();
    beat.start(5s);
  }
  void lose() {
    beat.stop();
    socket.reset();
    pause.start(1s);
  }
  simulated_reactor& home;
  timer pause;
  timer beat;
  instant heard{};
  std::unique_ptr<dial> attempt;
  std::unique_ptr<transport> socket;
};

/// A node that answers everything with a pong.
struct answering final : accept_listener {
  struct guest final : transport_listener {
    void on_bytes(std::span<const std::byte>) override {
      static_cast<void>(socket->send(bytes_of("pong"), lane::bulk));
    }
    void on_ended() override { socket.reset(); }
    void on_drained() override {}
    void on_polled() override {}
    void on_closed(errc) override { socket.reset(); }
    std::unique_ptr<transport> socket;
  };
  explicit answering(simulated_reactor& at)
      : home(at), door(at.listen({"node", 7400}, *this).socket) {}
  void on_accepted(std::unique_ptr<detached_socket> stranger) override {
    guests.push_back(std::make_unique<guest>());
    guests.back()->socket = home.adopt(std::move(stranger));
    guests.back()->socket->attach(*guests.back());
  }
  void on_accept_failed(errc) override {}
  simulated_reactor& home;
  std::vector<std::unique_ptr<guest>> guests;
  std::unique_ptr<acceptor> door;
};

struct storm {
  std::uint64_t hash = 0;
  fault_counts done;
  std::size_t healthy = 0;
};

storm weather(std::uint64_t seed) {
  simulation sim{seed};
  const auto config = three_clients();
  sim.host("node").runs(
      [](auto reactors) -> process { return std::make_shared<answering>(*reactors[0]); });
  for (const auto& client : config.clients)
    sim.host(client).runs(
        [](auto reactors) -> process { return std::make_shared<stubborn>(*reactors[0]); });
  const fault_schedule plan{seed, config};
  sim.apply(plan);
  sim.advance(plan.healed_at() + 1min);
  storm after{sim.trace().hash(), sim.network().faults(), 0};
  for (const auto& client : config.clients)
    after.healthy += sim.network().connections(client, "node") == 1 ? 1U : 0U;
  return after;
}

}  // namespace

TEST_CASE(
    "fault schedule: follows from its seed, in order of time, inside its span, and prints itself") {
  const auto config = three_clients();
  const fault_schedule plan{11, config};
  REQUIRE(plan.faults().size() == 40);
  CHECK(plan.planned().total() == 40);
  CHECK(plan.to_string() == fault_schedule(11, config).to_string());
  CHECK(plan.to_string() != fault_schedule(12, config).to_string());
  duration last{0};
  for (const auto& each : plan.faults()) {
    CHECK(each.at >= last);
    CHECK(each.at + each.length <= config.span);
    last = each.at;
  }
  const planned_fault one{83201ms, fault::kill, "ada", "node", false, 4120ms};
  CHECK(to_string(one) == "+83.201 s kill node for 4.120 s");
}

TEST_CASE("fault schedule: draws every kind that has a weight, and no other") {
  auto config = three_clients();
  config.faults = 2000;
  const auto all = fault_schedule{1, config}.planned();
  for (std::size_t i = 0; i < fault_kinds; ++i)
    CHECK(all.of(static_cast<fault>(i)) > 0);
  config.weights = {};
  config.weights[static_cast<std::size_t>(fault::cut)] = 1;
  CHECK(fault_schedule{1, config}.planned().of(fault::cut) == 2000);
  config.weights = {};
  CHECK_THROWS_AS(fault_schedule(1, config), std::invalid_argument);
}

TEST_CASE(
    "fault schedule: a client that reconnects survives 20 minutes of any weather, the same each "
    "time") {
  fault_counts done;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    const auto after = weather(seed);
    done += after.done;
    REQUIRE(after.healthy == 3);
    if (seed % 5 == 0)
      REQUIRE(weather(seed).hash == after.hash);
  }
  INFO(to_string(done));
  CHECK(done.total() >= 30 * 30);
  for (std::size_t i = 0; i < fault_kinds; ++i)
    CHECK(done.of(static_cast<fault>(i)) > 0);
}
