#include "byssus/runtime/statistics.hpp"

#include "byssus/actors/pinned.hpp"
#include "byssus/protocol/frame.hpp"

#include <cstdint>
#include <dirent.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace byssus {

namespace {

/// Each descriptor is an entry of this folder, the one that reads it too.
constexpr const char* descriptor_folder = "/proc/self/fd";

std::size_t count_entries(const char* folder) {
  auto* listing = opendir(folder);
  if (listing == nullptr)
    return 0;
  std::size_t entries = 0;
  while (readdir(listing) != nullptr)
    ++entries;
  closedir(listing);
  return entries > 3 ? entries - 3 : 0;  // `.`, `..`, and the one of `listing`
}

/// Since Linux 6.2 the folder's size is the number of its entries.
std::size_t open_descriptors() {
  struct stat folder {};
  if (stat(descriptor_folder, &folder) == 0 && folder.st_size > 0)
    return static_cast<std::size_t>(folder.st_size);
  return count_entries(descriptor_folder);
}

std::size_t resident_bytes() {
  std::size_t all_pages = 0;
  std::size_t resident_pages = 0;
  std::ifstream{"/proc/self/statm"} >> all_pages >> resident_pages;
  return resident_pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

statistics with_process(statistics counted) {
  counted.actors = pinned_count::live.load(std::memory_order_relaxed);
  counted.frames = protocol::frame::live();
  counted.descriptors = open_descriptors();
  counted.resident_bytes = resident_bytes();
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
