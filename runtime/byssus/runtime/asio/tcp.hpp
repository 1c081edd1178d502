#pragma once

#include "byssus/actors/errc.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>

/// \file
/// Asio's types as this runtime uses them, and the one place where its error codes become `errc`.

namespace byssus::detail {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

/// With the concrete executor a socket and one pending wait take 351 bytes; with `any_io_executor`
/// 448.
using loop_executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<tcp, loop_executor>;
using tcp_listener = asio::basic_socket_acceptor<tcp, loop_executor>;

/// What a failed connect means.
errc connect_reason(const error_code& failure) noexcept;

/// What a failed open, bind or listen means.
errc listen_reason(const error_code& failure) noexcept;

/// Claims that the process or the system has no descriptor or memory left for another socket.
bool is_exhaustion(const error_code& failure) noexcept;

/// Writes `where` as in `127.0.0.1:50312` or `[::1]:50312`. An IPv4 peer of a socket that takes
/// both kinds is written like any other.
std::string to_text(const tcp::endpoint& where);

/// As `detached_socket::origin`.
std::string origin_of(const tcp::endpoint& peer);

}  // namespace byssus::detail
