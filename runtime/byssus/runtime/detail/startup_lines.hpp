#pragma once

#include "byssus/runtime/node_tree.hpp"
#include "byssus/runtime/startup_error.hpp"

#include <boost/system/system_error.hpp>

#include <new>
#include <string>
#include <system_error>

/// \file
/// Why a node does not start, in one line that says what to do about it.

namespace byssus::detail {

/// The system refused something. Descriptors are `out_of_descriptors`; for threads, memory and all
/// else it is the config that asks for more than this process may have, `invalid_config`.
startup_error cannot_start(const std::error_code& why, const std::string& words);

/// The tree could not listen.
startup_error cannot_listen(const node_start& refused);

/// Returns what `make` does; what the system refuses it is thrown as `startup_error`.
template <class Make>
auto started(const Make& make) {
  try {
    return make();
  } catch (const std::system_error& refused) {
    throw cannot_start(refused.code(), refused.what());
  } catch (const boost::system::system_error& refused) {  // of Asio, and no std::system_error
    throw cannot_start(refused.code(), refused.what());
  } catch (const std::bad_alloc& refused) {
    throw cannot_start(std::make_error_code(std::errc::not_enough_memory), refused.what());
  }
}

}  // namespace byssus::detail
