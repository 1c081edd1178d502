#include "byssus/actors/ports/reactor.hpp"

#include <caf/scheduler/abstract_coordinator.hpp>

#include <cstdio>
#include <cstdlib>
#include <limits>

namespace byssus {

std::atomic<std::size_t> pinned_count::live{0};
std::atomic<std::size_t> pinned_count::strayed{0};

namespace {

/// As CAF's `scheduler.max-throughput`, bounded: after so many messages others have their turn.
constexpr std::size_t messages_per_turn = 64;

}  // namespace

reactor::reactor(caf::actor_system& system) : inner_(&system, this), outer_(&system, this) {}

void reactor::outer_face::exec_later(caf::resumable* job) {
  system().scheduler().enqueue(job);
}

reactor& reactor::of(const caf::local_actor* self) {
  // An actor's context is the unit that runs it; until it has first run, the one that its spawn
  // named.
  auto* unit = const_cast<caf::local_actor*>(self)->context();
  if (auto* outer = dynamic_cast<outer_face*>(unit))
    return *outer->home;
  if (auto* inner = dynamic_cast<inner_face*>(unit))
    return *inner->home;
  std::fputs("byssus: reactor::of was asked about an actor that is not pinned\n", stderr);
  std::abort();
}

void reactor::run(caf::resumable* job) {
  switch (job->resume(&outer_, messages_per_turn)) {
    case caf::resumable::resume_later:
      schedule(job);
      break;
    case caf::resumable::awaiting_message:
    case caf::resumable::done:
    case caf::resumable::shutdown_execution_unit:
      caf::intrusive_ptr_release(job);
      break;
  }
}

namespace detail {

caf::execution_unit* inner_face_of(reactor& home) noexcept {
  return &home.inner();
}

bool runs_on(const reactor& home, const caf::execution_unit* unit) noexcept {
  return home.is_outer(unit) && home.runs_here();
}

}  // namespace detail

}  // namespace byssus
