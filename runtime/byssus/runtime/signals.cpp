#include "byssus/runtime/signals.hpp"

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <signal.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace byssus {

namespace {

// A signal's handler can reach nothing but what is global.
std::atomic<int> told{-1};
std::atomic<int> seen{0};

std::mutex lock;
std::size_t users = 0;
struct sigaction former_int;
struct sigaction former_term;

extern "C" void on_stop_signal(int number) {
  const int kept_errno = errno;
  if (seen.fetch_add(1) > 0)
    _exit(128 + number);
  const std::uint64_t one = 1;
  static_cast<void>(!write(told.load(), &one, sizeof one));
  errno = kept_errno;
}

}  // namespace

stop_signals::stop_signals() {
  const std::lock_guard guard{lock};
  if (users == 0) {
    const int fresh = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fresh < 0)
      throw std::system_error{errno, std::generic_category(), "eventfd"};
    told = fresh;
    seen = 0;
    struct sigaction mine = {};
    mine.sa_handler = on_stop_signal;
    mine.sa_flags = SA_RESTART;
    sigaction(SIGINT, &mine, &former_int);
    sigaction(SIGTERM, &mine, &former_term);
  }
  ++users;
}

stop_signals::~stop_signals() {
  const std::lock_guard guard{lock};
  if (--users > 0)
    return;
  sigaction(SIGINT, &former_int, nullptr);
  sigaction(SIGTERM, &former_term, nullptr);
  close(told.exchange(-1));
}

int stop_signals::descriptor() const noexcept {
  return told;
}

}  // namespace byssus
