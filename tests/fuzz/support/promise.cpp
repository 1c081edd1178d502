#include "promise.hpp"

#include <cstdio>
#include <cstdlib>

namespace byssus::fuzz {

void promise(bool kept, const char* sentence) {
  if (kept)
    return;
  std::fprintf(stderr, "broken promise: %s\n", sentence);
  std::abort();
}

}  // namespace byssus::fuzz
