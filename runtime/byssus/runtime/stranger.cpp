#include "byssus/runtime/stranger.hpp"

#include "byssus/actors/links/plain_connection.hpp"
#include "byssus/protocol/payload.hpp"
#include "byssus/protocol/rules.hpp"
#include "byssus/runtime/door.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace byssus {

namespace {

using protocol::close_code;
using protocol::violation;

std::string_view why_not(verdict said) {
  return said == verdict::address_full
             ? "the node has as many connections from this address as it allows"
             : "the node has as many connections as it allows";
}

/// The hello among the first frames of a client, or what is wrong with them.
struct greeting {
  std::optional<protocol::hello> hello;
  std::optional<violation> broken;
  bool taken_back = false;  ///< he says close before hello

  protocol::flow take(const protocol::frame_view& frame) {
    broken = protocol::check_turn(protocol::side::client, protocol::phase::handshaking, frame.type);
    taken_back = !broken && frame.type == protocol::frame_type::close;
    if (broken || taken_back)
      return protocol::flow::stop;
    if (auto parsed = protocol::parse_hello(frame.body))
      hello = *std::move(parsed);
    else
      broken = std::move(parsed).error();
    return protocol::flow::stop;
  }
};

}  // namespace

stranger::stranger(door& at, std::unique_ptr<transport> socket, place seat, verdict said)
    : at_(&at),
      socket_(std::move(socket)),
      seat_(std::move(seat)),
      at_door_(at.node(), place_kind::stranger),
      deadline_(at.node()->home->timers(), *this),
      said_(said) {}

stranger::~stranger() = default;

void stranger::begin(protocol::byte_view read) {
  deadline_.start(protocol::silent_listener_after);
  socket_->attach(*this);
  if (!read.empty())
    on_bytes(read);
}

void stranger::on_bytes(std::span<const std::byte> bytes) {
  switch (stage_) {
    case stage::silent:
    case stage::unsure:
      return listen(bytes);
    case stage::greeting:
      return greet(bytes);
    case stage::closing:
      return;
  }
}

void stranger::listen(protocol::byte_view bytes) {
  switch (language_.feed(bytes)) {
    case protocol::language::undecided:
      if (std::exchange(stage_, stage::unsure) == stage::silent)
        deadline_.start(protocol::first_bytes_patience);
      heard_of_get_ = static_cast<std::uint8_t>(heard_of_get_ + bytes.size());
      return;
    case protocol::language::byssus:
      stage_ = stage::greeting;
      speaks_frames_ = true;
      deadline_.start(at_->rules().hello_deadline);
      decoder_.limit(at_->rules().most_hello_bytes);
      return said_ == verdict::welcome ? greet(bytes) : turn_away();
    case protocol::language::plain:
      return speak_plain(bytes);
    case protocol::language::tls:
      return refuse({close_code::protocol_error, "this port does not speak TLS"});
    case protocol::language::http:
      return refuse({close_code::protocol_error, "this port does not speak HTTP"});
  }
}

void stranger::speak_plain(protocol::byte_view bytes) {
  if (said_ != verdict::welcome)
    return turn_away();
  const auto before = protocol::as_bytes(std::string_view{"GET "}.substr(0, heard_of_get_));
  std::vector<std::byte> read{before.begin(), before.end()};
  read.insert(read.end(), bytes.begin(), bytes.end());
  at_->let_in_plain(*this, std::move(read));
}

void stranger::greet(protocol::byte_view bytes) {
  const auto of_preface = preface_.feed(bytes);
  if (!of_preface)
    return refuse(of_preface.error());
  const auto rest = bytes.subspan(*of_preface);
  greeting said;
  auto fed =
      decoder_.feed(rest, [&said](const protocol::frame_view& frame) { return said.take(frame); });
  if (fed.broken)
    return refuse(*fed.broken);
  if (said.broken)
    return refuse(*said.broken);
  if (said.taken_back)
    return close(close_code::going_away, "as you said");
  if (said.hello)
    at_->let_in(*this, *std::move(said.hello), rest.subspan(fed.consumed));
}

/// Of a plain client nothing was read, or he were let in already; only one who was greeting leaves
/// something open.
void stranger::on_ended() {
  switch (stage_) {
    case stage::silent:
      return at_->forget(*this);
    case stage::unsure:
      return speak_plain({});
    case stage::greeting:
      return refuse({close_code::hello_timeout,
                     "the client ended its direction before its hello was complete"});
    case stage::closing:
      return;
  }
}

void stranger::on_closed(errc) {
  at_->forget(*this);
}

void stranger::on_timer(timer&) {
  switch (stage_) {
    case stage::silent:
      return said_ == verdict::welcome ? at_->let_in_listener(*this) : turn_away();
    case stage::unsure:
      return speak_plain({});
    case stage::greeting:
      return refuse({close_code::hello_timeout, "the hello was not complete in time"});
    case stage::closing:
      return at_->forget(*this);
  }
}

void stranger::refuse(const violation& broken) {
  ++at_->node()->counts.refused;
  at_->node()->note_closing(socket_->peer(), broken.code, broken.reason);
  close(broken.code, broken.reason);
}

/// The gate has logged it, once for all.
void stranger::turn_away() {
  ++at_->node()->counts.refused;
  close(close_code::overloaded, why_not(said_));
}

void stranger::send_away() {
  if (stage_ == stage::silent)
    return at_->forget(*this);
  if (stage_ != stage::closing)
    close(close_code::going_away, "the node stops");
}

void stranger::close(close_code code, std::string_view reason) {
  stage_ = stage::closing;
  const auto farewell =
      speaks_frames_ ? protocol::encode_close(code, reason) : plain_farewell(code, reason);
  if (!socket_->send(farewell.bytes(), lane::urgent))
    return at_->forget(*this);
  socket_->close();
  deadline_.start(at_->node()->rules.closing_deadline);
}

}  // namespace byssus
