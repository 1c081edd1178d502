#include "witness.hpp"

#include "byssus/protocol/handshake.hpp"

#include "support/promise.hpp"
#include <algorithm>

namespace byssus::fuzz {

namespace {

using namespace std::chrono_literals;
using protocol::frame_type;

constexpr auto own_name = "witness";
constexpr auto room = "lobby";
constexpr std::uint64_t most_in_flight = 4;  // less than the narrowest window of a world

std::string words(std::uint64_t number) {
  return "I have seen " + std::to_string(number);
}

}  // namespace

witness::witness(reactor& home, const endpoint& node)
    : dial_(home.dialer().start(node, {}, *this)), next_ping_(home.timers(), *this) {
  decoder_.limit(protocol::max_frame_bytes);
}

void witness::say() {
  if (1 + said_ - acknowledged_ >= most_in_flight)
    return;
  const auto text = words(++said_);
  send(protocol::encode_publish(
      {1, said_, protocol::content_kind::text, room, protocol::as_bytes(text)}));
}

bool witness::satisfied() const {
  if (!subscribed_ || pings_ > pongs_ + 1 || placed_.size() != said_)
    return false;
  return std::ranges::all_of(placed_, [this](const auto& receipt) {
    const auto found = heard_.find(receipt.second);
    return found != heard_.end() && found->second == words(receipt.first);
  });
}

void witness::on_dialed(std::unique_ptr<transport> fresh) {
  socket_ = std::move(fresh);
  socket_->attach(*this);
  protocol::hello greeting;
  greeting.name = own_name;
  send(protocol::encode_preface());
  send(protocol::encode_hello(greeting));
  send(protocol::encode_subscribe({room, {}}));
  next_ping_.start(2s);
}

void witness::on_dial_failed(errc, std::string_view) {
  promise(false, "a witness comes in");
}

void witness::on_bytes(std::span<const std::byte> bytes) {
  const auto before = received_;
  const auto fed = decoder_.feed(bytes, [this](const protocol::frame_view& frame) { take(frame); });
  promise(!fed.broken, "a node sends sound frames");
  if (received_ != before)
    send(protocol::encode_ack(received_));
}

void witness::take(const protocol::frame_view& frame) {
  promise(!frame.more(), "no message here is longer than a frame");
  received_ += protocol::is_counted(frame.type) ? 1 : 0;
  switch (frame.type) {
    case frame_type::pong:
      ++pongs_;
      promise(pongs_ <= pings_, "a pong answers a ping");
      return on_acknowledged(protocol::parse_pong(frame.body)->received);
    case frame_type::ack:
      return on_acknowledged(*protocol::parse_ack(frame.body));
    case frame_type::subscribed: {
      const auto confirmed = protocol::parse_subscribed(frame.body);
      promise(confirmed && confirmed->room == room && !subscribed_, "one room is joined, once");
      last_ = confirmed->at;
      subscribed_ = true;
      return;
    }
    case frame_type::receipt: {
      const auto receipt = protocol::parse_receipt(frame.body);
      promise(receipt && receipt->number <= said_ && receipt->at.epoch == last_.epoch,
              "a receipt is for what was said here");
      return promise(placed_.emplace(receipt->number, receipt->at.offset).second,
                     "a publish has one receipt");
    }
    case frame_type::message: {
      const auto message = protocol::parse_message(frame.body);
      promise(bool(message), "a message that a node sends is sound");
      return on_message(*message);
    }
    case frame_type::close:
      return promise(may_end_, "whoever breaks no rule is not closed");
    default:
      return promise(frame.type == frame_type::welcome, "nothing comes that nobody asked for");
  }
}

void witness::on_acknowledged(std::uint64_t received) {
  promise(received >= acknowledged_ && received <= 1 + said_, "what was sent is acknowledged");
  acknowledged_ = received;
}

void witness::on_message(const protocol::message_view& message) {
  promise(message.room == room && message.offset == last_.offset + 1,
          "a room's messages come all, once, in order");
  last_.offset = message.offset;
  if (message.sender == own_name)
    heard_.emplace(message.offset, protocol::as_text(message.payload));
}

void witness::on_ended() {
  promise(may_end_, "the connection of whoever breaks no rule does not end");
  ended_ = true;
  socket_->close();
}

void witness::on_closed(errc) {
  promise(may_end_, "the connection of whoever breaks no rule does not break");
  ended_ = true;
}

void witness::on_timer(timer&) {
  send(protocol::encode_ping({++pings_, received_}));
  next_ping_.start(2s);
}

void witness::send(const protocol::frame& frame) {
  promise(socket_->send(frame.bytes(), lane::bulk) || may_end_,
          "a socket that is open takes a frame");
}

}  // namespace byssus::fuzz
