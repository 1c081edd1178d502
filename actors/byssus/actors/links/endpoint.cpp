#include "byssus/actors/links/endpoint.hpp"

#include <charconv>

namespace byssus {

namespace {

constexpr std::string_view scheme = "tcp://";

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, port);
  if (text.empty() || failure != std::errc{} || stop != end)
    return std::nullopt;
  return port;
}

}  // namespace

std::optional<endpoint> parse_endpoint(std::string_view text) {
  if (text.starts_with(scheme))
    text.remove_prefix(scheme.size());
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0)
    return std::nullopt;
  auto host = text.substr(0, colon);
  const auto port = parse_port(text.substr(colon + 1));
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed)
    host = host.substr(1, host.size() - 2);
  const bool has_colon = host.find(':') != std::string_view::npos;
  if (!port || bracketed != has_colon || host.find_first_of("[]/ ") != std::string_view::npos)
    return std::nullopt;
  return endpoint{std::string{host}, *port};
}

std::string to_string(const endpoint& where) {
  const auto port = std::to_string(where.port);
  if (where.host.find(':') == std::string::npos)
    return where.host + ':' + port;
  return '[' + where.host + "]:" + port;
}

}  // namespace byssus
