#include "byssus/runtime/detail/startup_lines.hpp"

#include "byssus/tests/catch.hpp"

#include <optional>
#include <string>

using namespace byssus;
using byssus::detail::cannot_listen;

namespace {

/// What the user is told, and the program, when a start ends by `thrown`.
template <class Exception>
std::optional<startup_error> told_of(const Exception& thrown) {
  try {
    detail::started([&] { throw thrown; });
  } catch (const startup_error& told) {
    return told;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("startup lines: what the system refuses is one line with what to do, and its own code") {
  const struct {
    std::errc refusal;
    errc reason;
    const char* line;
  } cases[] = {
      {std::errc::too_many_files_open, errc::out_of_descriptors,
       "cannot start: the process has no file descriptor left; raise the limit with ulimit -n"},
      {std::errc::too_many_files_open_in_system, errc::out_of_descriptors,
       "cannot start: the system has no file descriptor left"},
      {std::errc::resource_unavailable_try_again, errc::invalid_config,
       "cannot start: the system gives no more threads; take fewer with --reactors and --workers, "
       "or see ulimit -u and -v"},
      {std::errc::not_enough_memory, errc::invalid_config,
       "cannot start: no memory is left; see ulimit -v"},
      {std::errc::operation_not_permitted, errc::invalid_config,
       "cannot start: epoll: Operation not permitted"},
  };
  for (const auto& each : cases) {
    const auto of_std = told_of(std::system_error{std::make_error_code(each.refusal), "epoll"});
    const auto of_asio = told_of(boost::system::system_error{
        static_cast<int>(each.refusal), boost::system::system_category(), "epoll"});
    for (const auto& told : {of_std, of_asio}) {
      REQUIRE(told);
      CHECK(told->reason() == each.reason);
      CHECK(std::string{told->what()}.starts_with(each.line));
    }
  }
  REQUIRE(told_of(std::bad_alloc{}));
  CHECK(told_of(std::bad_alloc{})->what() ==
        std::string{"cannot start: no memory is left; see ulimit -v"});
}

TEST_CASE("startup lines: who cannot listen is told once why, and what to do") {
  const endpoint where{"127.0.0.1", 7400};
  const struct {
    errc reason;
    const char* rest;
  } cases[] = {
      {errc::address_in_use,
       "another program listens on that port; stop it or choose another with --listen"},
      {errc::address_invalid,
       "this machine cannot listen on that address; choose one of this machine's with --listen"},
      {errc::out_of_descriptors,
       "the process has no file descriptor left; raise the limit with ulimit -n"},
  };
  for (const auto& each : cases) {
    const auto told = cannot_listen({where, each.reason, "the system's words"});
    CHECK(told.reason() == each.reason);
    CHECK(told.what() == std::string{"cannot listen on 127.0.0.1:7400: "} + each.rest);
  }
}
