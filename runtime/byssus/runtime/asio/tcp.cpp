#include "byssus/runtime/asio/tcp.hpp"

#include "byssus/actors/links/endpoint.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>

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

namespace {

/// `::ffff:192.0.2.7` is how the kernel says 192.0.2.7 at a socket for both kinds.
asio::ip::address unmapped(const asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return address;
}

}  // namespace

std::string to_text(const tcp::endpoint& where) {
  return to_string(endpoint{unmapped(where.address()).to_string(), where.port()});
}

std::string origin_of(const tcp::endpoint& peer) {
  const auto address = unmapped(peer.address());
  if (address.is_v4())
    return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), asio::ip::address_v6::bytes_type::value_type{0});
  return asio::ip::address_v6{bytes}.to_string() + "/64";
}

}  // namespace byssus::detail
