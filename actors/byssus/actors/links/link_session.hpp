#pragma once

#include "byssus/actors/links/interfaces.hpp"
#include "byssus/actors/ports/reactor.hpp"

#include <caf/typed_response_promise.hpp>

#include <cstdint>

namespace byssus {

struct connection_config;

/// What outlives the connections of a link: what the app asked for, and what it is to be handed.
/// Owned by the RECONNECT SUPERVISOR; the one CONNECTION that is up feeds it. Each mode has its
/// own, and refuses here what only the other can do, with `errc::wrong_mode`, or ignores it where
/// there is no answer (`leave_request`). Passive, on their reactor's thread.
class link_session {
public:
  using receipt_promise = caf::typed_response_promise<receipt>;
  using joined_promise = caf::typed_response_promise<joined>;
  using presence_promise = caf::typed_response_promise<room_presence>;
  using text_promise = caf::typed_response_promise<text_sent>;

  /// What the app is told goes from `owner` to `app`.
  link_session(reconnect_supervisor_actor::pointer owner, link_observer_actor app);
  virtual ~link_session() = default;
  link_session(const link_session&) = delete;
  link_session& operator=(const link_session&) = delete;

  /// Makes a CONNECTION of this session's mode, on the owner's reactor.
  virtual connection_actor connect(connection_config config) = 0;

  /// The connection is gone. What waited for an answer fails with `outcome_unknown`.
  virtual void end() = 0;

  /// Claims that `attempt` is the connection that feeds this session, and that it has not ended.
  virtual bool belongs_to(std::uint64_t attempt) const noexcept = 0;

  /// The link has failed or is stopped for good: all that waits, and all that is asked for later,
  /// fails with `why`.
  virtual void close(errc why);

  /// The supervisor is gone: nobody is told of anything any more.
  virtual void orphan() noexcept;

  // -- called by the SUPERVISOR
  // ----------------------------------------------------------------------------------

  /// The app has been told that the link is up.
  virtual void on_announced() {}

  /// Publishes; `answer` comes with the node's receipt, or fails.
  virtual void publish(const publish_request& request, receipt_promise answer);
  /// Enters the room, now and on each later connection; `answer` comes when the node confirms it.
  virtual void join(const join_request& request, joined_promise answer);
  /// Leaves the room; a join that still waits fails with `errc::stopped`.
  virtual void leave(const leave_request& request);
  /// Asks the node who is in the room; `answer` comes with what it says, or fails.
  virtual void ask(const presence_request& request, presence_promise answer);
  /// Says plain text; `answer` comes at once.
  virtual void say(const say_request& request, text_promise answer);

  /// The app is done with a batch.
  virtual void on_handled(const messages_handled& done) = 0;

protected:
  /// Sends to the app, while there is one.
  void hand_to_app(message_batch batch);

  reactor& home() const { return reactor::of(owner_); }
  reconnect_supervisor_actor owner() const { return reconnect_supervisor_actor{owner_}; }
  bool is_closed() const noexcept { return closed_ != errc::none; }

  /// Why nothing can be sent now.
  caf::error unavailable() const {
    return make_error(closed_ == errc::none ? errc::not_connected : closed_);
  }

private:
  reconnect_supervisor_actor::pointer owner_;
  link_observer_actor app_;
  errc closed_ = errc::none;  ///< why the link is over for good
};

}  // namespace byssus
