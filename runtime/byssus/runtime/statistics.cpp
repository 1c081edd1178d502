#include "byssus/runtime/statistics.hpp"

#include "byssus/actors/pinned.hpp"
#include "byssus/protocol/frame.hpp"
#include "byssus/runtime/detail/process.hpp"

#include <cstdint>
#include <utility>

namespace byssus {

statistics with_process(statistics counted) {
  counted.actors = pinned_count::live.load(std::memory_order_relaxed);
  counted.frames = protocol::frame::live();
  counted.descriptors = detail::open_descriptors();
  counted.resident_bytes = detail::resident_bytes();
  return counted;
}

std::string to_text(const statistics& counted) {
  const auto& door = counted.door;
  const std::pair<const char*, std::uint64_t> all[] = {
      {"sockets", door.sockets},
      {"strangers", door.strangers},
      {"listeners", door.plain_listeners},
      {"timers", counted.timers},
      {"actors", counted.actors},
      {"frames", counted.frames},
      {"descriptors", counted.descriptors},
      {"resident_bytes", counted.resident_bytes},
      {"accepted", door.accepted},
      {"admitted", door.admitted},
      {"plain", door.plain},
      {"refused", door.refused},
  };
  std::string line = "stats";
  for (const auto& [key, value] : all)
    line.append(1, ' ').append(key).append(1, '=').append(std::to_string(value));
  return line;
}

}  // namespace byssus
