#include "byssus/runtime/asio/system_random.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <sys/random.h>

namespace byssus::detail {

namespace {

std::mt19937_64 seeded() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device()};
  return std::mt19937_64{seed};
}

}  // namespace

system_random::system_random() : generator_(seeded()) {}

std::uint64_t system_random::secret() {
  std::uint64_t drawn = 0;
  // Up to 256 bytes come whole or not at all (getrandom(2)).
  while (::getrandom(&drawn, sizeof drawn, 0) != sizeof drawn) {
    if (errno != EINTR) {
      std::perror("byssus: getrandom");
      std::abort();
    }
  }
  return drawn;
}

}  // namespace byssus::detail
