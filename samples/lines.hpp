#pragma once

#include <array>
#include <cerrno>
#include <cstdio>
#include <functional>
#include <poll.h>
#include <stop_token>
#include <string>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

/// Raised by a `std::stop_token`, for `poll`.
class stop_event {
public:
  explicit stop_event(const std::stop_token& stop) : wake_{stop, [this] { raise(); }} {}
  ~stop_event() { close(descriptor_); }
  stop_event(const stop_event&) = delete;
  stop_event& operator=(const stop_event&) = delete;

  /// Below zero if the process has no descriptor left.
  int descriptor() const { return descriptor_; }

private:
  void raise() const { eventfd_write(descriptor_, 1); }

  int descriptor_ = eventfd(0, EFD_CLOEXEC);
  std::stop_callback<std::function<void()>> wake_;
};

/// Reads standard input until its end, or until `stop` is requested; gives each line to `on_line`.
/// Returns true at the end of the input, and when it cannot be read, after a word on stderr.
/// (`std::getline` would not return until the user types.)
inline bool read_lines(const std::stop_token& stop,
                       const std::function<void(const std::string&)>& on_line) {
  const stop_event stopped{stop};
  if (stopped.descriptor() < 0)
    return std::fputs("standard input is not read: no descriptor is left\n", stderr), true;
  std::array<pollfd, 2> watched{{{STDIN_FILENO, POLLIN, 0}, {stopped.descriptor(), POLLIN, 0}}};
  std::array<char, 4096> chunk{};
  std::string line;
  ssize_t count = 1;
  while (count > 0 && !stop.stop_requested()) {
    if (poll(watched.data(), watched.size(), -1) < 0) {
      if (errno == EINTR)
        continue;
      return std::perror("standard input"), true;
    }
    if (watched[0].revents == 0)
      continue;
    count = read(STDIN_FILENO, chunk.data(), chunk.size());
    for (ssize_t i = 0; i < count; ++i) {
      const char next = chunk[static_cast<std::size_t>(i)];
      if (next == '\n')
        on_line(std::exchange(line, {}));
      else
        line += next;
    }
  }
  if (!line.empty() && !stop.stop_requested())
    on_line(line);
  return !stop.stop_requested();
}
