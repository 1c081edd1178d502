#include "byssus/actors/links/link_session.hpp"

#include <utility>

namespace byssus {

namespace {

caf::error wrong_mode(const char* asked) {
  return make_error(errc::wrong_mode, asked);
}

}  // namespace

link_session::link_session(reconnect_supervisor_actor::pointer owner, link_observer_actor app)
    : owner_(owner), app_(std::move(app)) {}

void link_session::close(errc why) {
  end();
  closed_ = why;
}

void link_session::orphan() noexcept {
  owner_ = nullptr;
  app_ = nullptr;
}

void link_session::publish(const publish_request&, receipt_promise answer) {
  answer.deliver(wrong_mode("publish"));
}

void link_session::join(const join_request&, joined_promise answer) {
  answer.deliver(wrong_mode("join"));
}

void link_session::leave(const leave_request&) {}

void link_session::ask(const presence_request&, presence_promise answer) {
  answer.deliver(wrong_mode("presence"));
}

void link_session::say(const say_request&, text_promise answer) {
  answer.deliver(wrong_mode("say"));
}

void link_session::hand_to_app(message_batch batch) {
  if (owner_ != nullptr)
    owner_->send(app_, std::move(batch));
}

}  // namespace byssus
