#include "byssus/actors/links/plain_session.hpp"

#include "byssus/actors/links/plain_client_connection.hpp"
#include "byssus/protocol/limits.hpp"

#include <string>
#include <utility>

namespace byssus {

plain_session::plain_session(reconnect_supervisor_actor::pointer owner, link_observer_actor app,
                             const bounds& most) noexcept
    : link_session(owner, std::move(app)), most_to_server_(most.to_server), inbox_(most.to_app) {}

connection_actor plain_session::connect(connection_config config) {
  return home().spawn(plain_client_connection, std::move(config), shared_from_this(), owner());
}

void plain_session::begin(std::uint64_t attempt, transport& through) {
  attempt_ = attempt;
  through_ = &through;
  announced_ = false;
  inbox_.begin(attempt);
}

void plain_session::end() {
  through_ = nullptr;
}

bool plain_session::hear(std::string_view text) {
  if (!inbox_.admit({1, text.size()}))
    return false;
  inbox_.put(message{{}, {}, 0, content::text, std::string{text}});
  return true;
}

void plain_session::flush() {
  if (!announced_)
    return;
  if (auto batch = inbox_.flush())
    hand_to_app(std::move(*batch));
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
  if (bytes > protocol::max_frame_bytes)
    return static_cast<void>(answer.deliver(make_error(errc::payload_too_large)));
  if (through_->unsent_bytes() + bytes > most_to_server_ ||
      !through_->send(protocol::as_bytes(request.text), lane::bulk))
    return static_cast<void>(answer.deliver(make_error(errc::send_overflow)));
  answer.deliver(text_sent{attempt_, bytes});
}

void plain_session::on_handled(const messages_handled& done) {
  static_cast<void>(inbox_.on_handled(done.attempt));
}

}  // namespace byssus
