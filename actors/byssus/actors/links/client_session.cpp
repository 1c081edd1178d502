#include "byssus/actors/links/client_session.hpp"

#include "byssus/actors/links/connection.hpp"
#include "byssus/actors/ports/reactor.hpp"
#include "byssus/protocol/control.hpp"
#include "byssus/protocol/names.hpp"
#include "byssus/protocol/payload.hpp"

#include <utility>

namespace byssus {

namespace {

caf::error refusal(const protocol::request_error& said) {
  return make_error(errc::request_refused,
                    said.reason.empty() ? said.code : said.code + ": " + said.reason);
}

content content_of(protocol::content_kind kind) {
  switch (kind) {
    case protocol::content_kind::text:
      return content::text;
    case protocol::content_kind::json:
      return content::json;
    case protocol::content_kind::binary:
      break;
  }
  return content::binary;
}

template <class Promise>
void fail_all(std::vector<Promise>& waiting, const caf::error& why) {
  for (auto& promise : std::exchange(waiting, {}))
    promise.deliver(why);
}

}  // namespace

client_session::client_session(reconnect_supervisor_actor::pointer owner, link_observer_actor app,
                               std::uint64_t publisher, std::size_t most_waiting_bytes,
                               const app_inbox::load& most_unhandled)
    : link_session(owner, std::move(app)),
      publisher_(publisher),
      most_waiting_(most_waiting_bytes),
      delivery_(reactor::of(owner).timers()),
      inbox_(most_unhandled) {}

connection_actor client_session::connect(connection_config config) {
  return home().spawn(connection, std::move(config), shared_from_this(), owner());
}

void client_session::close(errc why) {
  link_session::close(why);
  for (auto& [room, member] : std::exchange(rooms_, {}))
    fail_all(member.waiting, make_error(why));
}

void client_session::orphan() noexcept {
  link_session::orphan();
  delivery_.end();
  rooms_.clear();
  receipts_.clear();
  presences_.clear();
}

void client_session::begin(std::uint64_t attempt, transport& through,
                           const protocol::welcome& agreed, const protocol::window& ours) {
  attempt_ = attempt;
  limits_ = agreed.limits;
  inbox_.begin(attempt);
  delivery_.begin(through, ours, agreed.window, most_waiting_);
  for (const auto& [room, member] : rooms_)
    static_cast<void>(delivery_.send(protocol::encode_subscribe({room, std::nullopt})));
}

void client_session::end() {
  delivery_.end();
  flush();
  const auto why = make_error(errc::outcome_unknown);
  for (auto& [number, promise] : std::exchange(receipts_, {}))
    promise.deliver(why);
  for (auto& [room, waiting] : std::exchange(presences_, {}))
    fail_all(waiting, why);
  for (auto& [room, member] : rooms_)
    member.confirmed.reset();
}

// -- what the node says
// --------------------------------------------------------------------------------------------

std::optional<protocol::violation> client_session::take(const frame_reader::body& body) {
  if (auto overflow = account(body))
    return overflow;
  switch (body.type) {
    case protocol::frame_type::message:
      return on_message(body.bytes);
    case protocol::frame_type::subscribed:
      return on_subscribed(body.bytes);
    case protocol::frame_type::receipt:
      return on_receipt(body.bytes);
    case protocol::frame_type::presence:
      return on_presence(body.bytes);
    case protocol::frame_type::gap:
      return on_gap(body.bytes);
    case protocol::frame_type::error:
      return on_error(body.bytes);
    case protocol::frame_type::call:
    case protocol::frame_type::direct:
      refuse(body.type);
      return std::nullopt;
    default:
      return std::nullopt;  // ignorable by its type, or `check_turn` had not let it pass
  }
}

/// An acknowledgement counts frames from the first one on, so a frame is handed over only when all
/// before it are: what comes while the app works on a batch is counted with the next one.
auto client_session::account(const frame_reader::body& body) -> outcome {
  const app_inbox::load weight{body.frames, body.frame_bytes};
  const bool for_app =
      body.type == protocol::frame_type::message || body.type == protocol::frame_type::gap;
  if (for_app) {
    if (!inbox_.admit(weight))
      return protocol::violation{protocol::close_code::slow_consumer,
                                 "the app has not handled what former connections brought"};
  } else if (inbox_.idle()) {
    hand_over(weight);
  } else {
    inbox_.follow(weight);
  }
  return std::nullopt;
}

auto client_session::on_message(protocol::byte_view body) -> outcome {
  auto said = protocol::parse_message(body);
  if (!said)
    return std::move(said).error();
  inbox_.put(message{std::string{said->room}, std::string{said->sender}, said->offset,
                     content_of(said->kind), std::string{protocol::as_text(said->payload)}});
  return std::nullopt;
}

auto client_session::on_gap(protocol::byte_view body) -> outcome {
  auto lost = protocol::parse_gap(body);
  if (!lost)
    return std::move(lost).error();
  inbox_.put(room_gap{lost->room, lost->from, lost->to, lost->reason});
  return std::nullopt;
}

auto client_session::on_subscribed(protocol::byte_view body) -> outcome {
  auto confirmed = protocol::parse_subscribed(body);
  if (!confirmed)
    return std::move(confirmed).error();
  if (const auto found = rooms_.find(confirmed->room); found != rooms_.end()) {
    found->second.confirmed = joined{confirmed->room, confirmed->at.epoch, confirmed->at.offset};
    for (auto& promise : std::exchange(found->second.waiting, {}))
      promise.deliver(*found->second.confirmed);
  }
  return std::nullopt;
}

auto client_session::on_receipt(protocol::byte_view body) -> outcome {
  auto placed = protocol::parse_receipt(body);
  if (!placed)
    return std::move(placed).error();
  if (auto found = receipts_.extract(placed->number))
    found.mapped().deliver(
        receipt{placed->room, placed->number, placed->at.epoch, placed->at.offset});
  return std::nullopt;
}

auto client_session::on_presence(protocol::byte_view body) -> outcome {
  auto there = protocol::parse_presence(body);
  if (!there)
    return std::move(there).error();
  if (auto found = presences_.extract(there->room)) {
    for (auto& promise : found.mapped())
      promise.deliver(room_presence{there->room, there->count, there->names});
  }
  return std::nullopt;
}

auto client_session::on_error(protocol::byte_view body) -> outcome {
  auto said = protocol::parse_error(body);
  if (!said)
    return std::move(said).error();
  const auto why = refusal(*said);
  if (said->about == protocol::name(protocol::frame_type::publish)) {
    if (auto found = receipts_.extract(said->number))
      found.mapped().deliver(why);
  } else if (said->about == protocol::name(protocol::frame_type::subscribe)) {
    if (auto found = rooms_.extract(said->room))
      fail_all(found.mapped().waiting, why);
  } else if (said->about == protocol::name(protocol::frame_type::presence)) {
    if (auto found = presences_.extract(said->room))
      fail_all(found.mapped(), why);
  }
  return std::nullopt;
}

void client_session::refuse(protocol::frame_type about) {
  static_cast<void>(delivery_.send(protocol::encode_error({std::string{protocol::name(about)},
                                                           0,
                                                           {},
                                                           "no_such_service",
                                                           "this client has no services"})));
}

void client_session::flush() {
  if (auto batch = inbox_.flush())
    hand_to_app(std::move(*batch));
}

void client_session::on_handled(const messages_handled& done) {
  const auto handled = inbox_.on_handled(done.attempt);
  if (!handled || !belongs_to(done.attempt))
    return;  // what a past connection brought cannot be acknowledged any more
  hand_over(*handled);
  hand_over(inbox_.settle());
  delivery_.acknowledge();
}

void client_session::hand_over(const app_inbox::load& done) {
  delivery_.on_handed(done.frames, done.bytes);
}

// -- what the app wants
// --------------------------------------------------------------------------------------------

void client_session::publish(const publish_request& request, receipt_promise answer) {
  if (!delivery_.connected())
    return static_cast<void>(answer.deliver(unavailable()));
  if (!protocol::is_valid_name(request.room))
    return static_cast<void>(answer.deliver(make_error(errc::invalid_name, "room")));
  const protocol::publish_view view{publisher_, last_number_ + 1,
                                    static_cast<protocol::content_kind>(request.kind), request.room,
                                    protocol::as_bytes(request.payload)};
  const auto frames = protocol::split(view, limits_.frame_bytes);
  std::size_t bytes = 0;
  for (const auto& frame : frames)
    bytes += frame.size();
  if (bytes > limits_.message_bytes)
    return static_cast<void>(answer.deliver(make_error(errc::payload_too_large)));
  if (!delivery_.has_room_for(bytes))
    return static_cast<void>(answer.deliver(make_error(errc::window_full)));
  receipts_.emplace(++last_number_, std::move(answer));
  for (const auto& frame : frames)
    static_cast<void>(delivery_.send(frame));
}

void client_session::join(const join_request& request, joined_promise answer) {
  if (!protocol::is_valid_name(request.room))
    return static_cast<void>(answer.deliver(make_error(errc::invalid_name, "room")));
  if (is_closed())
    return static_cast<void>(answer.deliver(unavailable()));
  auto [found, fresh] = rooms_.try_emplace(request.room);
  if (found->second.confirmed)
    return static_cast<void>(answer.deliver(*found->second.confirmed));
  found->second.waiting.push_back(std::move(answer));
  if (fresh && delivery_.connected() &&
      delivery_.send(protocol::encode_subscribe({request.room, std::nullopt})) == sent::refused) {
    fail_all(found->second.waiting, make_error(errc::window_full));
    rooms_.erase(found);
  }
}

void client_session::leave(const leave_request& request) {
  auto left = rooms_.extract(request.room);
  if (!left)
    return;
  fail_all(left.mapped().waiting, make_error(errc::stopped));
  if (delivery_.connected())
    static_cast<void>(delivery_.send(protocol::encode_unsubscribe({request.room})));
}

void client_session::ask(const presence_request& request, presence_promise answer) {
  if (!delivery_.connected())
    return static_cast<void>(answer.deliver(unavailable()));
  if (!protocol::is_valid_name(request.room))
    return static_cast<void>(answer.deliver(make_error(errc::invalid_name, "room")));
  auto& waiting = presences_[request.room];
  waiting.push_back(std::move(answer));
  if (delivery_.send(protocol::encode_presence_request({request.room})) == sent::refused) {
    auto last = std::move(waiting.back());
    waiting.pop_back();
    last.deliver(make_error(errc::window_full));
  }
}

}  // namespace byssus
