#include "byssus/runtime/detail/failure_of.hpp"

#include <caf/message.hpp>

#include <ostream>

namespace byssus {

std::string to_string(const failure& what) {
  std::string text{sentence(what.reason)};
  if (!what.detail.empty())
    text += ": " + what.detail;
  return text;
}

std::ostream& operator<<(std::ostream& out, const failure& what) {
  return out << to_string(what);
}

namespace detail {

failure failure_of(const caf::error& refused) {
  const auto reason = errc_of(refused);
  std::string detail;
  if (const auto context = refused.context(); context.match_elements<std::string>())
    detail = context.get_as<std::string>(0);
  return {reason, std::move(detail)};
}

}  // namespace detail

}  // namespace byssus
