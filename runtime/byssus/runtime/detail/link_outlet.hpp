#pragma once

#include "byssus/actors/interfaces.hpp"
#include "byssus/actors/ports/journal.hpp"
#include "byssus/runtime/answer.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace byssus::detail {

class link_outlet_state;

/// INTERNAL: Run this as a part of the LINK OUTLET: what `link` and its like are asked for.
struct link_call {
  std::function<void(link_outlet_state&)> run;
};

/// Where a link's callbacks run, and their requests start. An app actor: never on a reactor.
using link_outlet_actor = link_observer_actor::extend<caf::reacts_to<link_call>>;

using state_callback = std::function<void(const link_state&)>;
using message_callback = std::function<void(const message&)>;
using gap_callback = std::function<void(const room_gap&)>;

/// The LINK OUTLET's state.
class link_outlet_state {
public:
  static constexpr const char* name = "link_outlet";

  explicit link_outlet_state(link_outlet_actor::pointer self) : self_(self) {}

  void begin(std::shared_ptr<journal> lines) { journal_ = std::move(lines); }

  // -- what the supervisor says ------------------------------------------------------------------

  void on_state(const link_state& now);
  void on_batch(const message_batch& batch);

  // -- what `link` and `room_handle` ask for -----------------------------------------------------

  void on_call(const link_call& call);
  void use(reconnect_supervisor_actor supervisor) { supervisor_ = std::move(supervisor); }
  void observe_states(state_callback callback);
  void observe_messages(message_callback callback);
  void observe_gaps(gap_callback callback);
  void join(const std::string& room, message_callback callback,
            const std::shared_ptr<answer_slot<joined>>& entry);
  void leave(const std::string& room);
  void stop();

  /// The node ends: nothing is called after this.
  void end();

  /// Asks the supervisor; its answer goes into `slot`.
  template <class Request, class T>
  void ask(Request request, std::shared_ptr<answer_slot<T>> slot);

private:
  /// Calls what the app gave us, if it did; what comes out of it by exception ends here.
  template <class Callback, class... Ts>
  void call(const Callback& callback, Ts&&... arguments);

  failure why(const caf::error& refused) const;
  void note_exception(const char* words);
  void release();

  link_outlet_actor::pointer self_;
  std::shared_ptr<journal> journal_;
  reconnect_supervisor_actor supervisor_;  ///< null before `use`, and once the link has failed
  link_state last_;                        ///< for whoever asks to be told later
  bool told_ = false;                      ///< `last_` is what the supervisor said
  state_callback on_state_;
  message_callback on_message_;
  gap_callback on_gap_;
  std::map<std::string, message_callback> rooms_;  ///< those that have a callback of their own
};

/// Runs the callbacks of one link, and its requests. Ends when nobody refers to it, or with its
/// node.
link_outlet_actor::behavior_type link_outlet(
    link_outlet_actor::stateful_pointer<link_outlet_state> self, std::shared_ptr<journal> lines);

template <class Request, class T>
void link_outlet_state::ask(Request request, std::shared_ptr<answer_slot<T>> slot) {
  if (!supervisor_)
    return slot->fail({errc::stopped, {}});
  self_->request(supervisor_, caf::infinite, std::move(request))
      .then([this, slot](const T& value) { call([&] { slot->succeed(value); }); },
            [this, slot](const caf::error& refused) { call([&] { slot->fail(why(refused)); }); });
}

template <class Callback, class... Ts>
void link_outlet_state::call(const Callback& callback, Ts&&... arguments) {
  try {
    callback(std::forward<Ts>(arguments)...);
  } catch (const std::exception& thrown) {
    note_exception(thrown.what());
  } catch (...) {
    note_exception("of an unknown type");
  }
}

}  // namespace byssus::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(byssus::detail::link_call)
