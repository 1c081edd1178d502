#include "byssus/runtime/asio/tcp.hpp"

#include "byssus/actors/links/endpoint.hpp"

#include <boost/asio/error.hpp>

namespace byssus::detail {

namespace failures = boost::system::errc;

bool is_exhaustion(const error_code& failure) noexcept {
  return failure == failures::too_many_files_open ||
         failure == failures::too_many_files_open_in_system ||
         failure == failures::no_buffer_space || failure == failures::not_enough_memory;
}

errc connect_reason(const error_code& failure) noexcept {
  if (failure == failures::connection_refused)
    return errc::connect_refused;
  if (failure == failures::timed_out)
    return errc::connect_timeout;
  if (failure == failures::network_unreachable || failure == failures::host_unreachable ||
      failure == failures::network_down || failure == failures::address_not_available)
    return errc::network_unreachable;
  if (is_exhaustion(failure))
    return errc::out_of_descriptors;
  return errc::connect_failed;
}

errc listen_reason(const error_code& failure) noexcept {
  if (failure == failures::address_in_use)
    return errc::address_in_use;
  if (is_exhaustion(failure))
    return errc::out_of_descriptors;
  return errc::address_invalid;
}

errc end_reason(const error_code& failure) noexcept {
  // A peer that vanished (timed out, unreachable) and one that reset are the same to a link: try
  // afresh.
  return failure ? errc::connection_reset : errc::none;
}

std::string to_text(const tcp::endpoint& where) {
  return to_string(endpoint{where.address().to_string(), where.port()});
}

}  // namespace byssus::detail
