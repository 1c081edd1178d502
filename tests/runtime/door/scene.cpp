#include "scene.hpp"

#include "byssus/protocol/control.hpp"
#include "byssus/tests/catch.hpp"

namespace byssus::testing {

using namespace std::chrono_literals;
using protocol::frame_type;

scene::scene(std::uint64_t seed, std::size_t reactors, const node_settings& settings)
    : sim(seed), node(&sim.host("node")) {
  std::vector<reactor*> homes;
  for (std::size_t i = 0; i < reactors; ++i)
    homes.push_back(&node->reactor(i));
  auto wanted = settings;
  wanted.listen = {"node", 7400};
  REQUIRE(validate(wanted).empty());
  tree = std::make_unique<node_tree>(std::move(homes), wanted);
  const auto started = tree->start();
  REQUIRE(started);
  where = started.where;
}

/// As if the process of the node was killed, unless it has been stopped.
scene::~scene() {
  clients_.clear();
  node->kill();
  tree.reset();
}

raw_client& scene::dial() {
  auto& host = sim.host("client " + std::to_string(clients_.size() + 1));
  clients_.push_back(std::make_unique<raw_client>(host.reactor(), where));
  return *clients_.back();
}

raw_client& scene::welcomed(const std::string& name) {
  auto& fresh = dial().greet(name);
  expect([&] { return fresh.count(frame_type::welcome) == 1; });
  return fresh;
}

void scene::expect(const std::function<bool()>& done, duration limit) {
  REQUIRE(sim.run_until(done, limit));
}

void scene::end_direction(std::size_t n) {
  REQUIRE(sim.network().half_close("client " + std::to_string(n), "node"));
}

std::vector<std::string> scene::lines_with(std::string_view beginning) {
  std::vector<std::string> found;
  for (const auto& line : node->journal().lines()) {
    if (line.text.starts_with(beginning))
      found.push_back(line.text);
  }
  return found;
}

void scene::expect_all_well() {
  auto& ann = welcomed("ann");
  auto& plain = dial().send("ping");
  expect([&] { return plain.bytes() == "pong"; });
  ann.send(protocol::encode_subscribe({"lobby", {}})).send(protocol::encode_ping({5, 0}));
  expect(
      [&] { return ann.count(frame_type::pong) == 1 && ann.count(frame_type::subscribed) == 1; });
  auto& bob = welcomed("bob").send(publish("lobby", "all is well", 1));
  expect([&] {
    return bob.count(frame_type::receipt) == 1 && ann.count(frame_type::message) == 1 &&
           plain.bytes() == "pongbob: all is well\n";
  });
}

node_counts scene::counts() {
  std::optional<node_counts> sum;
  tree->count([&sum](const node_counts& all) { sum = all; });
  sim.settle();
  REQUIRE(sum);
  return *sum;
}

void scene::stop() {
  bool stopped = false;
  tree->stop([&stopped] { stopped = true; });
  expect([&] { return stopped; });
}

void expect_refused(protocol::close_code code,
                    const std::function<void(scene&, raw_client&)>& misbehave,
                    const node_settings& settings) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    scene here{seed, 1 + seed % 3, settings};
    auto& witness = here.welcomed("witness").send(protocol::encode_subscribe({"lobby", {}}));
    auto& bad = here.dial();
    misbehave(here, bad);
    here.expect([&] { return bad.ended(); });
    REQUIRE(bad.code());
    CHECK(protocol::name(*bad.code()) == protocol::name(code));
    here.sim.advance(3s);
    const auto lines = here.closing_lines();
    REQUIRE(lines.size() == 1);
    CHECK(lines.front().find(protocol::name(code)) != std::string::npos);
    here.expect_all_well();
    here.expect([&] { return witness.messages("lobby").size() == 1; });
    CHECK(here.closing_lines().size() == 1);
    CHECK(here.sim.network().open_sockets("client 2") <= 1);
    CHECK(here.counts().sockets == 4);
  }
}

}  // namespace byssus::testing
