#include "participant.hpp"

#include "byssus/actors/links/reconnect_supervisor.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>

#include <utility>

namespace byssus::tests {

namespace {

constexpr auto room = "lobby";

struct talker_state {
  testing::simulation* world = nullptr;
  std::string host;
  std::shared_ptr<link_record> record;
  std::shared_ptr<bool> joined;
  reconnect_supervisor_actor supervisor;

  void note(std::string_view what, std::uint64_t number) {
    world->trace().record(world->now(), host, what, number);
  }
};

void join(talker_actor::stateful_pointer<talker_state> self) {
  auto& state = self->state;
  state.record->on_asked();
  self->request(state.supervisor, caf::infinite, join_request{room})
      .then(
          [self](const byssus::joined& where) {
            self->state.record->on_answered();
            *self->state.joined = true;
            self->state.note("joined", where.offset);
          },
          [self](const caf::error&) { self->state.record->on_answered(); });
}

void publish(talker_actor::stateful_pointer<talker_state> self, const std::string& text) {
  auto& state = self->state;
  if (!state.supervisor)
    return;
  state.record->on_asked();
  self->request(state.supervisor, caf::infinite, publish_request{room, content::text, text})
      .then(
          [self](const receipt& placed) {
            self->state.record->on_answered();
            self->state.note("receipt", placed.offset);
          },
          [self](const caf::error& why) {
            self->state.record->on_answered();
            self->state.note("not published", static_cast<std::uint64_t>(errc_of(why)));
          });
}

void ask(talker_actor::stateful_pointer<talker_state> self) {
  self->state.record->on_asked();
  self->request(self->state.supervisor, caf::infinite, presence_request{room})
      .then(
          [self](const room_presence& there) {
            self->state.record->on_answered();
            self->state.record->on_presence(there);
          },
          [self](const caf::error&) { self->state.record->on_answered(); });
}

talker_actor::behavior_type talker(talker_actor::stateful_pointer<talker_state> self,
                                   testing::simulation* world, std::string host,
                                   std::shared_ptr<link_record> record,
                                   std::shared_ptr<bool> joined) {
  self->state = {world, std::move(host), std::move(record), std::move(joined), {}};
  return {
      [self](const link_state& now) {
        self->state.note(byssus::name(now.phase), now.attempt);
        self->state.record->on_state(self->state.world->now(), now);
      },
      [self](const message_batch& batch) {
        for (const auto& said : batch.messages) {
          self->state.note("heard", said.offset);
          self->state.record->on_message(batch.attempt, said);
        }
        self->send(self->state.supervisor, messages_handled{batch.attempt});
      },
      [self](const meet_supervisor& met) {
        self->state.supervisor = met.supervisor;
        join(self);
      },
      [self](const say& what) { publish(self, what.text); },
      [self](const look_around&) { ask(self); },
  };
}

/// What a client's process holds beside its pinned actors: the app, which ends with it.
struct client_process {
  talker_actor app;
  ~client_process() { caf::anon_send_exit(app, caf::exit_reason::kill); }
};

}  // namespace

participant::participant(testing::simulation& world, std::string name, endpoint node)
    : world_(&world), name_(std::move(name)), node_(std::move(node)) {
  host().runs([this](auto reactors) { return begin(reactors); });
}

testing::process participant::begin(std::span<testing::simulated_reactor* const> reactors) {
  link_config config;
  config.endpoints = {node_};
  config.name = name_ + '-' + std::to_string(++lives_);
  if (record_)
    past_.push_back(record_);
  record_ = std::make_shared<link_record>(config.name, config.retry);
  joined_ = std::make_shared<bool>(false);
  app_ = world_->system().spawn(talker, world_, name_, record_, joined_);
  auto supervisor =
      reactors.front()->spawn(reconnect_supervisor, config, link_observer_actor{app_});
  caf::anon_send(app_, meet_supervisor{supervisor});
  auto process = std::make_shared<client_process>();
  process->app = app_;
  return process;
}

void participant::talk_every(duration period) {
  talking_ = true;
  world_->after(period, [this, period] {
    if (!talking_)
      return;
    say_now("line " + std::to_string(++said_));
    talk_every(period);
  });
}

void participant::say_now(const std::string& text) {
  if (host().alive())
    caf::anon_send(app_, say{text});
}

void participant::look_around_now() {
  caf::anon_send(app_, look_around{});
}

std::vector<std::string> participant::complaints() const {
  auto all = record_->complaints();
  for (const auto& life : past_)
    all.insert(all.end(), life->complaints().begin(), life->complaints().end());
  return all;
}

}  // namespace byssus::tests
