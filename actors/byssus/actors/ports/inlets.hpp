#pragma once

#include "byssus/actors/ports/reactor.hpp"

/// \file
/// Where a port enters its actor. An inlet is a member of the actor's state, beside the port that
/// calls it; it turns each call into a signal that the actor handles at once, as its brokers do in
/// CAF.

namespace byssus {

/// Turns expired timers of one actor into `timer_signal`s. May serve any number of timers.
class timer_inlet final : public timer_listener {
public:
  /// @pre `self` is pinned, and its state owns the inlet.
  explicit timer_inlet(caf::scheduled_actor* self) : self_(self), home_(&reactor::of(self)) {}

  void on_timer(timer& expired) override { home_->enter(*self_, timer_signal{&expired}); }

private:
  caf::scheduled_actor* self_;
  reactor* home_;
};

/// Turns the calls of one transport into `transport_signal`s.
class transport_inlet final : public transport_listener {
public:
  /// The names of what a transport says.
  using kind = transport_signal::kind;

  /// @pre `self` is pinned, and its state owns the inlet.
  explicit transport_inlet(caf::scheduled_actor* self) : self_(self), home_(&reactor::of(self)) {}

  void on_bytes(std::span<const std::byte> bytes) override {
    enter({kind::bytes, errc::none, bytes});
  }
  void on_ended() override { enter({kind::ended, errc::none, {}}); }
  void on_drained() override { enter({kind::drained, errc::none, {}}); }
  void on_polled() override { enter({kind::polled, errc::none, {}}); }
  void on_closed(errc reason) override { enter({kind::closed, reason, {}}); }

private:
  void enter(const transport_signal& signal) { home_->enter(*self_, signal); }

  caf::scheduled_actor* self_;
  reactor* home_;
};

/// Turns the end of a dial into a `dial_signal`.
class dial_inlet final : public dial_listener {
public:
  /// @pre `self` is pinned, and its state owns the inlet.
  explicit dial_inlet(caf::scheduled_actor* self) : self_(self), home_(&reactor::of(self)) {}

  void on_dialed(std::unique_ptr<transport> fresh) override {
    home_->enter(*self_, dial_signal{&fresh, errc::none, {}});
  }

  void on_dial_failed(errc reason, std::string_view detail) override {
    home_->enter(*self_, dial_signal{nullptr, reason, detail});
  }

private:
  caf::scheduled_actor* self_;
  reactor* home_;
};

}  // namespace byssus
