#include "byssus/runtime/room_handle.hpp"

#include "byssus/runtime/detail/link_end.hpp"

namespace byssus {

answer<receipt> room_handle::publish(std::string payload, content kind) const {
  auto slot = std::make_shared<detail::answer_slot<receipt>>(end_, "publish to " + name_);
  end_->post([request = publish_request{name_, kind, std::move(payload)},
              slot](detail::link_outlet_state& outlet) mutable { outlet.ask(request, slot); });
  return answer{std::move(slot)};
}

answer<room_presence> room_handle::who() const {
  auto slot = std::make_shared<detail::answer_slot<room_presence>>(end_, "who is in " + name_);
  end_->post([request = presence_request{name_}, slot](detail::link_outlet_state& outlet) {
    outlet.ask(request, slot);
  });
  return answer{std::move(slot)};
}

void room_handle::leave() const {
  end_->post([room = name_](detail::link_outlet_state& outlet) { outlet.leave(room); });
}

}  // namespace byssus
