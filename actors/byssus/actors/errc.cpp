#include "byssus/actors/errc.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

namespace byssus {

namespace {

constexpr auto category = caf::atom("byssus");

struct entry {
  std::string_view name;
  std::string_view sentence;
  bool retryable;
};

entry describe(errc code) noexcept {
  switch (code) {
    case errc::none:
      return {"none", "nothing is wrong", true};
    case errc::resolve_failed:
      return {"resolve_failed", "the host name has no address", true};
    case errc::resolve_timeout:
      return {"resolve_timeout", "looking up the host name took too long", true};
    case errc::connect_refused:
      return {"connect_refused", "nobody listens on that port", true};
    case errc::connect_timeout:
      return {"connect_timeout", "the connection was not made in time", true};
    case errc::network_unreachable:
      return {"network_unreachable", "there is no route to the host", true};
    case errc::connect_failed:
      return {"connect_failed", "the system could not make the connection", true};
    case errc::handshake_timeout:
      return {"handshake_timeout", "the node did not say welcome in time", true};
    case errc::connection_reset:
      return {"connection_reset", "the connection broke", true};
    case errc::peer_ended:
      return {"peer_ended", "the other side ended the connection without saying why", true};
    case errc::peer_closed:
      return {"peer_closed", "the other side closed the connection", true};
    case errc::heartbeat_lost:
      return {"heartbeat_lost", "pings were not answered", true};
    case errc::send_overflow:
      return {"send_overflow", "more was waiting to be sent than the bound allows", true};
    case errc::protocol_violation:
      return {"protocol_violation", "the other side broke the protocol", true};
    case errc::unsupported_version:
      return {"unsupported_version", "the other side speaks another version of the protocol",
              false};
    case errc::rejected:
      return {"rejected", "the node turned the link away for good", false};
    case errc::request_refused:
      return {"request_refused", "the node refused the request", false};
    case errc::not_connected:
      return {"not_connected", "the link is not up", true};
    case errc::outcome_unknown:
      return {"outcome_unknown", "the connection ended before a receipt came", true};
    case errc::window_full:
      return {"window_full", "too much is unacknowledged; wait for receipts", true};
    case errc::receive_overflow:
      return {"receive_overflow", "more has come than the app has handled", true};
    case errc::wrong_mode:
      return {"wrong_mode", "rooms need a framed link, and plain text a plain one", false};
    case errc::invalid_name:
      return {"invalid_name", "a name must be 1 to 255 bytes of UTF-8 without control characters",
              false};
    case errc::payload_too_large:
      return {"payload_too_large", "the payload is larger than the node takes", false};
    case errc::too_many_attempts:
      return {"too_many_attempts", "the policy allows no further attempt", false};
    case errc::stopped:
      return {"stopped", "the link was stopped", false};
    case errc::address_in_use:
      return {"address_in_use", "another program listens on that port", false};
    case errc::address_invalid:
      return {"address_invalid", "this machine cannot listen on that address", false};
    case errc::out_of_descriptors:
      return {"out_of_descriptors", "the process has no file descriptor left", true};
    case errc::actor_failed:
      return {"actor_failed", "an actor ended by an unexpected failure", true};
    case errc::invalid_config:
      return {"invalid_config", "a setting is out of its range", false};
  }
  return {"unknown", "an unknown failure", false};
}

}  // namespace

std::string_view sentence(errc code) noexcept {
  return describe(code).sentence;
}

std::string_view name(errc code) noexcept {
  return describe(code).name;
}

bool is_retryable(errc code) noexcept {
  return describe(code).retryable;
}

caf::error make_error(errc code, std::string_view context) {
  const auto number = static_cast<std::uint8_t>(code);
  if (context.empty())
    return {number, category};
  return {number, category, caf::make_message(std::string{context})};
}

errc errc_of(const caf::error& failure) noexcept {
  if (!failure)
    return errc::none;
  return failure.category() == category ? static_cast<errc>(failure.code()) : errc::actor_failed;
}

}  // namespace byssus
