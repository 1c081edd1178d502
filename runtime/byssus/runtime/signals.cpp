#include "byssus/runtime/signals.hpp"

#include "byssus/runtime/detail/event_flag.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <mutex>
#include <optional>
#include <unistd.h>

namespace byssus {

namespace {

// A signal's handler can reach nothing but what is global.
std::atomic<detail::event_flag*> told{nullptr};
std::atomic<int> seen{0};

std::mutex lock;
std::size_t users = 0;
std::optional<detail::event_flag> flag;  // while there are users
struct sigaction former_int;
struct sigaction former_term;

extern "C" void on_stop_signal(int number) {
  const int kept_errno = errno;
  if (seen.fetch_add(1) > 0)
    _exit(128 + number);
  told.load()->raise();
  errno = kept_errno;
}

}  // namespace

stop_signals::stop_signals() {
  const std::lock_guard guard{lock};
  if (users == 0) {
    told = &flag.emplace();
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
  flag.reset();
}

int stop_signals::descriptor() const noexcept {
  return told.load()->descriptor();
}

}  // namespace byssus
