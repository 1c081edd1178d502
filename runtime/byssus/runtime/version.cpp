#include "byssus/runtime/version.hpp"

namespace byssus {

std::string_view version() noexcept {
  return BYSSUS_VERSION;
}

}  // namespace byssus
