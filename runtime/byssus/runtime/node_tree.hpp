#pragma once

#include "byssus/actors/ports/acceptor.hpp"
#include "byssus/actors/ports/reactor.hpp"
#include "byssus/runtime/gate.hpp"
#include "byssus/runtime/node_branch.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace byssus {

namespace detail {
class speech_queue;
}

/// How a node began: it listens on `where`, or `reason` and `detail` say why it does not.
struct node_start {
  endpoint where;            ///< with the port that the system chose; as asked for, if it does not
  errc reason = errc::none;  ///< why it does not listen; `none`: it does
  std::string detail;        ///< the system's words, for people; may be empty

  /// Claims that it listens.
  explicit operator bool() const noexcept { return reason == errc::none; }
};

/// A listening node on any number of reactors, real or simulated:
///
///     node_tree ── acceptor and gate, on the first reactor
///       │            └─ deals sockets to the branches, round robin
///       ├─ node_branch of reactor 0: door, ROOM, REAPER ── its connections
///       ├─ node_branch of reactor 1: …
///
/// Its members are called on any thread. All that it holds belongs to its reactors: destroy it
/// after `stop` is done, or when they run nothing any more (as in a simulated process that was
/// killed).
class node_tree final : private accept_listener {
public:
  /// Makes nothing yet. @pre `reactors` is not empty, they outlive the tree, and
  /// `validate(settings)` is empty.
  node_tree(std::vector<reactor*> reactors, const node_settings& settings);
  ~node_tree();
  node_tree(const node_tree&) = delete;
  node_tree& operator=(const node_tree&) = delete;

  /// Listens, then makes the branches. Called on the first reactor it does so at once, elsewhere it
  /// waits for that reactor, which has to run. A tree that could not listen holds nothing, and may
  /// be started again. Not called twice otherwise.
  node_start start();

  /// Stops listening; closes every stranger and connection with `going_away`, and waits for them up
  /// to the drain deadline; ends ROOMs and REAPERs; frees everything. Then `done` is called on the
  /// first reactor, where it may destroy the tree. Called again, or before `start`, it does not do
  /// more than is left to do.
  void stop(std::function<void()> done);

  /// Answers calls to `name` by `service`, in place of one of that name. When that holds on every
  /// reactor, `done` is called on the first.
  void serve(const std::string& name, const inline_service& service, std::function<void()> done);

  /// Says `payload` in `room` as the node itself, without a sender; what one thread says keeps its
  /// order. Returns at once: `errc::none`, or why it is not said: `invalid_name`,
  /// `payload_too_large` (longer than messages may be), or `send_overflow` while 16 MiB or 65,536
  /// messages wait for the first reactor, which says 64 KiB a turn. What is said before `start` or
  /// after `stop` nobody hears.
  errc speak(std::string room, protocol::content_kind kind, std::string payload);

  /// Asks every reactor for its counts; their sum goes to `then`, on the first reactor. After
  /// `stop` all are zero.
  void count(std::function<void(const node_counts&)> then);

private:
  /// Does something to branch `i`, on its reactor, then calls `then`.
  using step = std::function<void(std::size_t i, std::function<void()> then)>;

  void on_accepted(std::unique_ptr<detached_socket> stranger) override;
  void on_accept_failed(errc reason) override;

  node_start start_here();
  void stop_here(std::function<void()> done);
  void say_some();
  void drain();
  void end();
  void release();
  /// Calls `then` on the first reactor when all have done it.
  void on_every_reactor(const step& does, std::function<void()> then);

  reactor& first() const noexcept { return *reactors_.front(); }

  std::vector<reactor*> reactors_;
  node_settings settings_;
  std::unique_ptr<detail::speech_queue> unsaid_;  ///< what `speak` was given

  // All below is used on the first reactor alone; what a branch does happens on its own.
  std::unique_ptr<gate> gate_;
  std::unique_ptr<acceptor> listens_;
  std::vector<std::unique_ptr<node_branch>> branches_;
  std::size_t dealt_ = 0;
  std::vector<std::function<void()>>
      done_;  ///< who waits for the end; not empty: the node is stopping
};

}  // namespace byssus
