#include "byssus/runtime/detail/startup_lines.hpp"

namespace byssus::detail {

namespace {

constexpr auto more_descriptors = "; raise the limit with ulimit -n";

}  // namespace

startup_error cannot_start(const std::error_code& why, const std::string& words) {
  const std::string line{"cannot start: "};
  if (why == std::errc::too_many_files_open)
    return {errc::out_of_descriptors,
            line + std::string{sentence(errc::out_of_descriptors)} + more_descriptors};
  if (why == std::errc::too_many_files_open_in_system)
    return {errc::out_of_descriptors, line + "the system has no file descriptor left"};
  if (why == std::errc::resource_unavailable_try_again)
    return {errc::invalid_config, line +
                                      "the system gives no more threads; take fewer with "
                                      "--reactors and --workers, or see ulimit -u and -v"};
  if (why == std::errc::not_enough_memory)
    return {errc::invalid_config, line + "no memory is left; see ulimit -v"};
  return {errc::invalid_config, line + words};
}

startup_error cannot_listen(const node_start& refused) {
  std::string line = "cannot listen on " + to_string(refused.where) + ": ";
  line += sentence(refused.reason);
  if (refused.reason == errc::address_in_use)
    line += "; stop it or choose another with --listen";
  else if (refused.reason == errc::address_invalid)
    line += "; choose one of this machine's with --listen";
  else if (refused.reason == errc::out_of_descriptors)
    line += more_descriptors;
  else if (!refused.detail.empty())
    line += ": " + refused.detail;
  return {refused.reason, line};
}

}  // namespace byssus::detail
