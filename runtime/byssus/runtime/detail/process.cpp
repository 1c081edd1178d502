#include "byssus/runtime/detail/process.hpp"

#include <dirent.h>
#include <fstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace byssus::detail {

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

}  // namespace

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

std::size_t most_descriptors() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<std::size_t>(limit.rlim_cur) : 0;
}

}  // namespace byssus::detail
