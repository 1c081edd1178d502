#include "byssus/protocol/names.hpp"
#include "byssus/runtime/settings.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace byssus {

namespace {

constexpr std::array<std::pair<std::string_view, severity>, 4> severities{{
    {"debug", severity::debug},
    {"info", severity::info},
    {"warning", severity::warning},
    {"error", severity::error},
}};

/// `parse_endpoint` is for nodes to be reached; port 0 is for listening alone.
std::optional<endpoint> endpoint_in(std::string_view text, std::uint16_t least_port) {
  auto where = parse_endpoint(text);
  return where && where->port >= least_port && !where->host.empty() ? where : std::nullopt;
}

/// What can be listened on: an address as numbers, of IPv6 with its zone, as in `fe80::1%eth0`.
bool is_own_address(const std::string& host) {
  in6_addr parsed{};
  return host == "localhost" || inet_pton(AF_INET, host.c_str(), &parsed) == 1 ||
         inet_pton(AF_INET6, host.substr(0, host.find('%')).c_str(), &parsed) == 1;
}

}  // namespace

setting_reader as_text(std::string& into) {
  return {[&into](std::string_view text) -> std::optional<std::string> {
            into = text;
            return std::nullopt;
          },
          into};
}

setting_reader as_name(std::string& into) {
  return {[&into](std::string_view text) -> std::optional<std::string> {
            if (!protocol::is_valid_name(text))
              return "1 to 255 bytes of UTF-8 without control characters";
            into = text;
            return std::nullopt;
          },
          into};
}

setting_reader as_count(std::size_t& into, std::size_t least, std::size_t most) {
  return {[&into, least, most](std::string_view text) -> std::optional<std::string> {
            std::size_t number = 0;
            const auto* end = text.data() + text.size();
            const auto [rest, flaw] = std::from_chars(text.data(), end, number);
            if (flaw != std::errc{} || rest != end || number < least || number > most)
              return "a number from " + std::to_string(least) + " to " + std::to_string(most);
            into = number;
            return std::nullopt;
          },
          into == 0 ? std::string{} : std::to_string(into)};
}

setting_reader as_duration(duration& into, duration least, duration most) {
  return {[&into, least, most](std::string_view text) -> std::optional<std::string> {
            const auto span = parse_duration(text);
            if (!span || *span < least || *span > most)
              return "a time from " + to_text(least) + " to " + to_text(most) +
                     ", as in 5s, 200ms or 1m";
            into = *span;
            return std::nullopt;
          },
          into == duration{0} ? std::string{} : to_text(into)};
}

setting_reader as_severity(severity& into) {
  const auto* present = std::find_if(severities.begin(), severities.end(),
                                     [&](const auto& each) { return each.second == into; });
  return {[&into](std::string_view text) -> std::optional<std::string> {
            const auto* found = std::find_if(severities.begin(), severities.end(),
                                             [&](const auto& each) { return each.first == text; });
            if (found == severities.end())
              return "debug, info, warning or error";
            into = found->second;
            return std::nullopt;
          },
          std::string{present->first}};
}

setting_reader as_endpoint(std::string& into) {
  return {[&into](std::string_view text) -> std::optional<std::string> {
            if (!endpoint_in(text, 1))
              return "tcp://HOST:PORT with a port from 1 to 65535, as in tcp://127.0.0.1:7400";
            into = text;
            return std::nullopt;
          },
          into};
}

setting_reader as_endpoint(std::vector<std::string>& into) {
  return {[&into](std::string_view text) {
            std::string only;
            auto allowed = as_endpoint(only).read(text);
            if (!allowed)
              into = {only};
            return allowed;
          },
          into.empty() ? std::string{} : into.front()};
}

setting_reader as_listen_endpoint(std::optional<endpoint>& into) {
  return {[&into](std::string_view text) -> std::optional<std::string> {
            auto where = endpoint_in(text, 0);
            if (!where || !is_own_address(where->host))
              return "HOST:PORT with a numeric HOST or localhost, and a port from 0 (the system "
                     "chooses) to 65535, as in 127.0.0.1:7400 or [::]:7400";
            into = std::move(where);
            return std::nullopt;
          },
          into ? to_string(*into) : std::string{}};
}

}  // namespace byssus
