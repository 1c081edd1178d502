#pragma once

#include <caf/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

/// \file
/// Every way in which a link, a connection or a request can fail, in one enumeration.

namespace byssus {

/// What went wrong. `sentence` explains each enumerator, `is_retryable` says whether trying again
/// can help.
enum class errc : std::uint8_t {
  none = 0,
  resolve_failed,
  resolve_timeout,
  connect_refused,
  connect_timeout,
  network_unreachable,
  connect_failed,
  handshake_timeout,
  connection_reset,
  peer_ended,
  peer_closed,
  heartbeat_lost,
  send_overflow,
  protocol_violation,
  unsupported_version,
  rejected,
  request_refused,
  not_connected,
  outcome_unknown,
  window_full,
  receive_overflow,
  wrong_mode,
  invalid_name,
  payload_too_large,
  too_many_attempts,
  stopped,
  address_in_use,
  address_invalid,
  out_of_descriptors,
  actor_failed,
  invalid_config,
};

/// Returns one sentence that says what `code` means to a user of a link.
std::string_view sentence(errc code) noexcept;

/// Returns the enumerator's own name, as it stands in logs.
std::string_view name(errc code) noexcept;

/// Claims that another attempt may succeed without anybody changing anything.
bool is_retryable(errc code) noexcept;

/// Makes a `caf::error` of `code`; `context` is added to its rendered text.
caf::error make_error(errc code, std::string_view context = {});

/// Returns the `errc` in `failure`, or `errc::actor_failed` if it comes from elsewhere.
errc errc_of(const caf::error& failure) noexcept;

}  // namespace byssus
