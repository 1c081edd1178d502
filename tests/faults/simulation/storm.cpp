#include "storm.hpp"

#include "byssus/actors/pinned.hpp"
#include "byssus/protocol/frame.hpp"
#include "byssus/runtime/node_tree.hpp"
#include "byssus/runtime/testing/simulation.hpp"

#include "participant.hpp"
#include <memory>
#include <string>
#include <utility>

namespace byssus::tests {

namespace {

using namespace std::chrono_literals;

constexpr auto node_name = "node";
constexpr std::uint16_t node_port = 7400;

/// From the healing to the last verdict: a dead connection is found within 10 s, its reaper takes
/// 18 s, the longest back-off is 20 s, and a plain listener (a preface that never came) whose
/// machine is gone is found by TCP's keepalive in 120 s.
constexpr auto recovery = 150s;

class storm {
public:
  explicit storm(const storm_config& config)
      : config_(config), world_(std::make_unique<testing::simulation>(config.seed)) {}

  storm_report run();

private:
  void build();
  void blow();
  void check_links();
  void check_rooms();
  void check_counts();
  void check_reaping();
  void complain(const std::string& what) { report_.complaints.push_back(what); }
  void expect(std::size_t found, std::size_t wanted, const std::string& what);

  storm_config config_;
  storm_report report_;
  std::unique_ptr<testing::simulation> world_;
  std::vector<std::unique_ptr<participant>> clients_;
};

testing::process make_node(std::span<testing::simulated_reactor* const> reactors) {
  node_settings settings;
  settings.listen = {node_name, node_port};
  auto node = std::make_shared<node_tree>(std::vector<reactor*>{reactors.begin(), reactors.end()},
                                          settings);
  node->start();
  return node;
}

void storm::build() {
  world_->host(node_name).runs(make_node, config_.reactors);
  for (std::size_t i = 0; i < config_.clients; ++i) {
    clients_.push_back(std::make_unique<participant>(*world_, "client" + std::to_string(i + 1),
                                                     endpoint{node_name, node_port}));
    clients_.back()->talk_every(2s + 300ms * i);
  }
}

void storm::blow() {
  testing::fault_schedule_config plan;
  plan.servers = {node_name};
  for (const auto& client : clients_)
    plan.clients.push_back(client->name());
  plan.faults = config_.faults;
  const testing::fault_schedule schedule{config_.seed, plan};
  world_->apply(schedule);
  world_->advance(schedule.healed_at());
  world_->advance(recovery);
}

void storm::check_links() {
  for (const auto& client : clients_) {
    if (client->record().phase() != link_phase::up)
      complain(client->name() + ": is " + std::string{name(client->record().phase())} +
               " on a healthy network");
    if (!client->joined())
      complain(client->name() + ": has never got into its room");
  }
}

/// What each says now, each hears, once.
void storm::check_rooms() {
  for (const auto& client : clients_)
    client->say_now("at last " + client->name());
  world_->advance(1s);
  clients_.front()->look_around_now();
  world_->advance(1s);
  expect(clients_.front()->record().present(), clients_.size(), "members of the room");
  for (const auto& listener : clients_) {
    std::size_t heard = 0;
    for (const auto& talker : clients_) {
      for (std::uint64_t life = 1; life <= config_.faults + 1; ++life)
        heard += listener->record().heard(talker->name() + '-' + std::to_string(life) +
                                          "/at last " + talker->name());
    }
    expect(heard, clients_.size(), listener->name() + ": last words heard");
    expect(listener->record().unanswered(), 0, listener->name() + ": requests without an answer");
  }
}

void storm::expect(std::size_t found, std::size_t wanted, const std::string& what) {
  if (found != wanted)
    complain(what + ": " + std::to_string(found) + " instead of " + std::to_string(wanted));
}

void storm::check_counts() {
  const auto& node = world_->host(node_name);
  expect(node.actors(), 2 * config_.reactors + clients_.size(), "actors of the node");
  expect(node.timers_running(), config_.reactors, "timers of the node");
  for (const auto& client : clients_) {
    expect(client->host().actors(), 3, client->name() + ": actors");
    expect(client->host().timers_running(), 1, client->name() + ": timers");
  }
  expect(world_->network().open_sockets(), 2 * clients_.size(), "sockets");
  expect(protocol::frame::live(), 0, "frames");
  expect(pinned_count::live.load(), 2 * config_.reactors + 4 * clients_.size(), "pinned actors");
  expect(pinned_count::strayed.load(), 0, "pinned actors that ran elsewhere");
}

/// A client that loses its power says nothing: the node has to let it go by itself, before TCP
/// would.
void storm::check_reaping() {
  clients_.back()->host().kill(testing::last_words::none);
  world_->advance(21s);  // 3 intervals + 3 s, and less than two ticks of the reaper
  expect(world_->host(node_name).actors(), 2 * config_.reactors + clients_.size() - 1,
         "actors of the node without one client");
}

storm_report storm::run() {
  report_.seed = config_.seed;
  build();
  world_->advance(1s);
  blow();
  for (const auto& client : clients_)
    client->hush();
  world_->advance(1s);
  check_links();
  check_rooms();
  check_counts();
  check_reaping();
  for (const auto& client : clients_) {
    for (const auto& complaint : client->complaints())
      complain(complaint);
  }
  report_.hash = world_->trace().hash();
  report_.faults = world_->network().faults();
  if (report_.faults.total() < config_.least_faults)
    complain("only " + std::to_string(report_.faults.total()) + " faults took place");
  clients_.clear();
  world_.reset();
  expect(pinned_count::live.load(), 0, "pinned actors after the end");
  return std::move(report_);
}

}  // namespace

storm_report run_storm(const storm_config& config) {
  return storm{config}.run();
}

}  // namespace byssus::tests
