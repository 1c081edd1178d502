#pragma once

#include "byssus/actors/ports/dialer.hpp"
#include "byssus/actors/ports/timer.hpp"
#include "byssus/actors/ports/transport.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/delegated.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/scheduled_actor.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <tuple>

/// \file
/// What ports say to actors. A signal enters its actor as a typed message, but without mailbox or
/// allocation, and what it points to is valid in that handler only. No actor sends one.

namespace byssus {

/// What the handler of a frequent signal returns. Nobody waits for an answer; after a handler that
/// returns `void` CAF 0.17 nevertheless makes a promise of one, which costs 150 instructions and
/// two atomic operations.
using unanswered = caf::delegated<void>;

/// INTERNAL: One of the actor's own timers has expired.
struct timer_signal {
  timer* expired = nullptr;  ///< which; it may be started again
};

/// INTERNAL: Something happened at the actor's socket; the names are those of `transport_listener`.
struct transport_signal {
  /// Which call of `transport_listener` it was.
  enum class kind : std::uint8_t { bytes, ended, drained, polled, closed };
  kind what = kind::closed;          ///< as the transport called it
  errc reason = errc::none;          ///< of `closed`: `errc::none` after a finished close
  std::span<const std::byte> bytes;  ///< of `bytes`
};

/// INTERNAL: The actor's dial ended. `fresh` is null if it failed; otherwise the handler moves the
/// transport out.
struct dial_signal {
  std::unique_ptr<transport>* fresh = nullptr;  ///< what to move out of
  errc reason = errc::none;                     ///< why it failed
  std::string_view detail;                      ///< the host, or the system's own words
};

}  // namespace byssus

// These three never leave the process, nor even the handler that they are made for.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::timer_signal)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::transport_signal)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::dial_signal)

namespace byssus::detail {

/// The mailbox elements that a reactor reuses for all its signals: ports never call back from
/// inside a call, so there is one signal of each kind at most at a time. Measured in CAF's own
/// brokers' way: 75 ns, no allocation.
class signal_elements {
public:
  template <class Signal>
  caf::mailbox_element& with(const Signal& signal) {
    auto& reused = std::get<slot<Signal>>(slots_).element;
    std::get<0>(reused.data()) = signal;
    return reused;
  }

private:
  template <class Signal>
  struct slot {
    caf::mailbox_element_vals<Signal> element{nullptr, caf::make_message_id(), {}, Signal{}};
  };

  std::tuple<slot<timer_signal>, slot<transport_signal>, slot<dial_signal>> slots_;
};

}  // namespace byssus::detail
