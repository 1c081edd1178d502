#pragma once

#include "byssus/actors/links/link_config.hpp"
#include "byssus/actors/ports/reactor.hpp"
#include "byssus/runtime/detail/link_end.hpp"

#include <caf/actor_system.hpp>
#include <caf/fwd.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace byssus::detail {

/// The links of a node: makes them, spread over its reactors, and ends them with it. Any thread.
class link_registry {
public:
  /// All outlive the registry.
  link_registry(caf::actor_system& system, const std::vector<reactor*>& reactors,
                std::shared_ptr<journal> lines);

  /// Spawns a RECONNECT SUPERVISOR. Throws `startup_error` for a bad config, and after `close`.
  reconnect_supervisor_actor make(link_config config, link_observer_actor observer);

  /// As above, with a LINK OUTLET for its observer.
  std::shared_ptr<link_end> make(link_config config);

  /// Stops every link, waits until its actors are dead and its last callback has returned. Not on a
  /// thread of an actor. Once; `make` throws from now on.
  void close();

private:
  /// Weak, or a link that its app has dropped and stopped would never go.
  struct entry {
    caf::weak_actor_ptr supervisor;
    caf::weak_actor_ptr outlet;  ///< null if somebody else observes the link
  };

  reconnect_supervisor_actor spawn(link_config config, link_observer_actor observer);
  std::vector<entry> close_list();
  static void stop_supervisors(caf::scoped_actor& waiter, const std::vector<entry>& links);
  static void end_outlets(caf::scoped_actor& waiter, const std::vector<entry>& links);
  void await_quiet();

  caf::actor_system& system_;
  const std::vector<reactor*>& reactors_;
  std::shared_ptr<journal> journal_;

  std::mutex lock_;  ///< guards all below
  bool closed_ = false;
  std::size_t dealt_ = 0;
  duration longest_closing_{0};  ///< does not change after `close` has begun
  std::vector<entry> links_;
};

}  // namespace byssus::detail
