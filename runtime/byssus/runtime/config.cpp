#include "byssus/runtime/config.hpp"

#include "byssus/runtime/settings.hpp"

#include <algorithm>
#include <thread>

namespace byssus {

config config::from_args(int argc, const char* const* argv) {
  config read;
  settings{"A program on Byssus, links that outlive their sockets."}.add_node(read).parse_or_exit(
      argc, argv);
  return read;
}

config sized(config settings, std::size_t cores) {
  if (cores == 0)
    cores = std::max(1U, std::thread::hardware_concurrency());
  if (settings.reactors == 0)
    settings.reactors = settings.listen ? std::max<std::size_t>(1, cores / 2) : 1;
  if (settings.workers == 0)
    settings.workers = cores > settings.reactors ? cores - settings.reactors : 1;
  return settings;
}

}  // namespace byssus
