#pragma once

#include "byssus/actors/interfaces.hpp"
#include "byssus/runtime/testing/simulation.hpp"

#include "link_record.hpp"
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace byssus::tests {

/// INTERNAL: The link's supervisor, for the app that observes it.
struct meet_supervisor {
  reconnect_supervisor_actor supervisor;
};

/// INTERNAL: Say something in the room.
struct say {
  std::string text;
};

/// INTERNAL: Ask who is in the room.
struct look_around {};

using talker_actor = link_observer_actor::extend<caf::reacts_to<meet_supervisor>,
                                                 caf::reacts_to<say>, caf::reacts_to<look_around>>;

/// A client with one link, on a host of its own: joins the room, talks every few seconds, and
/// records what it is told. When its process is killed and started again it has a fresh link and a
/// fresh record.
class participant {
public:
  participant(testing::simulation& world, std::string name, endpoint node);

  const std::string& name() const noexcept { return name_; }
  testing::simulated_host& host() const { return world_->host(name_); }
  const link_record& record() const noexcept { return *record_; }
  bool joined() const noexcept { return *joined_; }

  /// Talks about once in `period` of virtual time, until `hush`.
  void talk_every(duration period);
  void hush() noexcept { talking_ = false; }

  void say_now(const std::string& text);

  /// Asks the node who is in the room; the answer goes to the record.
  void look_around_now();

  /// All complaints of all lives.
  std::vector<std::string> complaints() const;

private:
  testing::process begin(std::span<testing::simulated_reactor* const> reactors);

  testing::simulation* world_;
  std::string name_;
  endpoint node_;
  talker_actor app_;
  std::shared_ptr<link_record> record_;
  std::shared_ptr<bool> joined_;
  std::vector<std::shared_ptr<link_record>> past_;
  std::uint64_t lives_ = 0;
  std::uint64_t said_ = 0;
  bool talking_ = false;
};

}  // namespace byssus::tests

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::tests::meet_supervisor)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::tests::say)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::tests::look_around)
