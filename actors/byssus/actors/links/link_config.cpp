#include "byssus/actors/links/link_config.hpp"

#include "byssus/protocol/names.hpp"

namespace byssus {

namespace {

bool is_in_range(const protocol::window& space) {
  return space.frames >= 1 && space.frames <= 1'000'000 && space.bytes >= 1024 &&
         space.bytes <= std::uint64_t{1} << 30U;
}

}  // namespace

caf::error validate(const link_config& config) {
  if (config.endpoints.empty())
    return make_error(errc::invalid_config,
                      "endpoints: at least one is needed, as in tcp://127.0.0.1:7400");
  for (const auto& where : config.endpoints) {
    if (where.host.empty() || where.port == 0)
      return make_error(errc::invalid_config,
                        "endpoints: " + to_string(where) + " lacks a host or a port above 0");
  }
  if (const auto flaw = protocol::flaw_in_name(config.name); !config.name.empty() && !flaw.empty())
    return make_error(errc::invalid_config, "name: the name " + std::string{flaw});
  if (config.mode == link_mode::plain && !config.name.empty())
    return make_error(errc::invalid_config, "name: a plain link cannot tell the server its name");
  if (config.mode == link_mode::framed && config.ping_lines)
    return make_error(errc::invalid_config, "ping_lines: only a plain link writes its pings so");
  if (auto wrong = validate(config.heartbeat))
    return wrong;
  if (auto wrong = validate(config.retry))
    return wrong;
  if (config.dial.resolve <= duration{0} || config.dial.connect <= duration{0})
    return make_error(errc::invalid_config, "dial: both deadlines must be above zero");
  if (config.handshake_deadline <= duration{0} || config.closing_deadline <= duration{0})
    return make_error(errc::invalid_config,
                      "handshake_deadline, closing_deadline: must be above zero");
  if (!is_in_range(config.window))
    return make_error(errc::invalid_config,
                      "window: must be 1 to 1,000,000 frames and 1,024 bytes to 1 GiB");
  if (config.most_waiting_bytes < protocol::max_frame_bytes)
    return make_error(errc::invalid_config,
                      "most_waiting_bytes: must hold one frame at least, 262144 bytes");
  return {};
}

}  // namespace byssus
