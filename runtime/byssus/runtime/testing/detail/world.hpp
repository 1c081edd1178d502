#pragma once

#include "byssus/runtime/testing/detail/agenda.hpp"
#include "byssus/runtime/testing/seeded_random.hpp"
#include "byssus/runtime/testing/trace.hpp"

#include <cstdint>

namespace byssus {
class reactor;
}

namespace byssus::testing::detail {

class network_core;

/// When every simulation begins: not at zero, which code under test might take for "never".
inline constexpr instant origin{std::chrono::hours{1}};

/// What all parts of one simulation share. Owned by the simulation, and outlives them.
struct world {
  world(std::uint64_t run_seed, bool keep_lines, bool print_lines)
      : seed(run_seed), random(run_seed, "world"), events(origin, keep_lines, print_lines) {}

  void record(std::string_view host, std::string_view what, std::uint64_t first = 0,
              std::uint64_t second = 0) {
    events.record(now, host, what, first, second);
  }

  /// Runs `event` when `delay` has passed.
  void after(duration delay, std::function<void()> event) {
    plans.plan(now + delay, std::move(event));
  }

  /// Who runs: nobody (the test body, a planned event), one reactor, or an actor of the app.
  enum class runner : std::uint8_t { outside, reactor, app };

  std::uint64_t seed;
  instant now = origin;
  agenda plans;
  seeded_random random;
  trace events;
  runner running = runner::outside;
  const byssus::reactor* running_reactor = nullptr;
  network_core* network = nullptr;
};

/// Says who runs for as long as it lives, also when a failed check leaves by an exception.
class running_as {
public:
  running_as(world& in, world::runner who, const byssus::reactor* which = nullptr) noexcept
      : world_(in), before_(in.running), reactor_before_(in.running_reactor) {
    in.running = who;
    in.running_reactor = which;
  }
  ~running_as() {
    world_.running = before_;
    world_.running_reactor = reactor_before_;
  }
  running_as(const running_as&) = delete;
  running_as& operator=(const running_as&) = delete;

private:
  world& world_;
  world::runner before_;
  const byssus::reactor* reactor_before_;
};

/// A thing that a simulated reactor does in one of its turns; its owner takes it back with `remove`
/// before it dies.
class work {
public:
  /// May destroy the work itself.
  virtual void run() = 0;

  /// Set while it waits in the reactor's queue; kept by the reactor.
  bool queued = false;

protected:
  ~work() = default;
};

}  // namespace byssus::testing::detail
