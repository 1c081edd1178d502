#pragma once

#include "byssus/actors/links/endpoint_pool.hpp"
#include "byssus/actors/links/interfaces.hpp"
#include "byssus/actors/links/link_config.hpp"
#include "byssus/actors/links/link_session.hpp"
#include "byssus/actors/ports/inlets.hpp"
#include "byssus/actors/supervision/backoff.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace byssus {

/// The RECONNECT SUPERVISOR's state.
///
///     connecting ── connection_up ──▶ up ◀── ping_answered ── suspect
///       ▲     │                       │ └──── ping_overdue ────▶ │
///       │     └── connection_down ────┴── connection_down, ping_failed
///       │                 ▼
///       └── retry ────── down ── terminal, or the policy gives up ──▶ failed
class reconnect_supervisor_state {
public:
  /// What CAF calls the actor.
  static constexpr const char* name = "reconnect_supervisor";

  /// INTERNAL: made by CAF.
  explicit reconnect_supervisor_state(reconnect_supervisor_actor::pointer self);
  ~reconnect_supervisor_state();

  /// As the factory, with its arguments: the first connection is made.
  void begin(link_config config, link_observer_actor observer);

  ///@{
  /// The messages of CONNECTION and HEARTBEAT, as `interfaces.hpp` explains them. What the two of
  /// an attempt say that has been given up changes nothing.
  void on_up(const connection_up& up);
  void on_down(const connection_down& down);
  void on_overdue(const ping_overdue& ping);
  void on_answered(const ping_answered& ping);
  void on_ping_failed(const ping_failed& ping);
  ///@}

  /// A child that died without a word is lost like any other; an exit from elsewhere, if it has a
  /// reason, ends the link.
  void on_exit(const caf::exit_msg& exit);

  /// The wait after a loss is over: makes a fresh connection, if it still is down.
  void on_retry();

  /// Ends the link and the actor: `failed` with `reason` to the app, unless that was told before.
  /// What waits for an answer fails.
  void stop(errc reason);

  /// What the app asked for, kept over all connections; lives as long as this. @pre `begin`.
  link_session& session() noexcept { return *session_; }

private:
  /// A connection and who watches it. Both are gone from here before anything else is made in their
  /// place.
  struct incarnation {
    std::uint64_t attempt = 0;
    connection_actor connection;
    heartbeat_actor heartbeat;  ///< once it is up
    instant up_since{};
  };

  /// Why and how an incarnation ended.
  struct ending {
    errc reason = errc::none;
    std::string detail;
    bool terminal = false;
    duration return_within{0};
    duration up_for{0};  ///< zero if it never came up
  };

  void connect();
  void release(std::optional<incarnation>& slot);
  void kill(std::optional<incarnation>& slot);
  void respawn_later(const ending& ended);
  std::optional<duration> delay_after(const ending& ended);
  void fail(errc reason, std::string detail);
  void tell(link_phase phase, errc reason = errc::none, std::string detail = {},
            duration retry_in = {});

  /// The slot that holds connection `attempt`, or null if that one is past.
  std::optional<incarnation>* find(std::uint64_t attempt) noexcept;
  bool is_current(std::uint64_t attempt) const noexcept;
  duration age(const incarnation& slot) const;

  reconnect_supervisor_actor::pointer self_;
  reconnect_supervisor_actor
      alive_;  ///< itself: while it only waits to try again, nobody may hold it. Gone when it quits
  std::shared_ptr<const link_config> config_;
  link_observer_actor observer_;
  std::shared_ptr<link_session>
      session_;                   ///< outlives every connection; shared with the one that is up
  std::optional<backoff> retry_;  ///< when to try again
  std::optional<endpoint_pool> pool_;     ///< where
  std::optional<incarnation> current_;    ///< carries the link
  std::optional<incarnation> candidate_;  ///< on its way to carry it: opening or handshaking
  timer_inlet timer_inlet_;
  timer retry_timer_;  ///< runs while down
  std::uint64_t attempts_ = 0;
  link_phase phase_ = link_phase::connecting;
};

/// Keeps a link: makes a CONNECTION, then, when it is up, its HEARTBEAT; when either says that the
/// connection is lost, or dies, it ends both and makes fresh ones, by `config.retry`. Tells
/// `observer` every state and hands it the messages. After `failed` it makes nothing any more,
/// refuses requests, and waits for `stop_request` or an exit: one of them ends it, dropping its
/// handle does not.
/// @pre `validate(config)` is no error.
reconnect_supervisor_actor::behavior_type reconnect_supervisor(
    reconnect_supervisor_actor::stateful_pointer<reconnect_supervisor_state> self,
    link_config config, link_observer_actor observer);

}  // namespace byssus
