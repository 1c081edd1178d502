#pragma once

namespace byssus {

/// While one exists, SIGINT and SIGTERM are requests: the first is kept for whoever waits on
/// `descriptor`, the second ends the process at once, with the code that the signal would have
/// given. When the last one is gone both do what they did before. Any thread; the process may hold
/// any number, and all are told.
class stop_signals {
public:
  /// Throws `std::system_error` when the process has no descriptor left.
  stop_signals();
  ~stop_signals();
  stop_signals(const stop_signals&) = delete;
  stop_signals& operator=(const stop_signals&) = delete;

  /// Readable, for `poll`, from the first signal on. Not to be read from.
  int descriptor() const noexcept;
};

}  // namespace byssus
