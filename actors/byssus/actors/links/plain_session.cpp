#include "byssus/actors/links/plain_session.hpp"

#include "byssus/actors/links/plain_client_connection.hpp"

#include <string>
#include <utility>

namespace byssus {

plain_session::plain_session(reconnect_supervisor_actor::pointer owner, link_observer_actor app,
                             const bounds& most) noexcept
    : link_session(owner, std::move(app)), most_(most) {}

connection_actor plain_session::connect(connection_config config) {
  return home().spawn(plain_client_connection, std::move(config), shared_from_this(), owner());
}

void plain_session::begin(std::uint64_t attempt, transport& through) {
  attempt_ = attempt;
  through_ = &through;
  announced_ = false;
  coming_ = {};
  coming_bytes_ = 0;
  unhandled_bytes_ = 0;
  with_app_.clear();
}

void plain_session::end() {
  through_ = nullptr;
}

bool plain_session::hear(std::string_view text) {
  if (unhandled_bytes_ + text.size() > most_.to_app)
    return false;
  coming_bytes_ += text.size();
  unhandled_bytes_ += text.size();
  coming_.messages.push_back({{}, {}, 0, content::text, std::string{text}});
  return true;
}

void plain_session::flush() {
  if (!announced_ || coming_.messages.empty())
    return;
  coming_.attempt = attempt_;
  with_app_.push_back(std::exchange(coming_bytes_, 0));
  hand_to_app(std::exchange(coming_, {}));
}

/// A server may have spoken, and hung up, before the supervisor had its turn.
void plain_session::on_announced() {
  announced_ = true;
  flush();
}

void plain_session::say(const say_request& request, text_promise answer) {
  const auto bytes = request.text.size();
  if (through_ == nullptr)
    return static_cast<void>(answer.deliver(unavailable()));
  if (bytes > most_.to_server)
    return static_cast<void>(answer.deliver(make_error(errc::payload_too_large)));
  if (through_->unsent_bytes() + bytes > most_.to_server ||
      !through_->send(protocol::as_bytes(request.text), lane::bulk))
    return static_cast<void>(answer.deliver(make_error(errc::send_overflow)));
  answer.deliver(text_sent{attempt_, bytes});
}

void plain_session::on_handled(const messages_handled& done) {
  if (done.attempt != attempt_ || with_app_.empty())
    return;
  unhandled_bytes_ -= with_app_.front();
  with_app_.pop_front();
}

}  // namespace byssus
