#pragma once

namespace byssus::detail {

/// An event that any thread, and a signal's handler, can raise, and that a thread can wait for in
/// poll(2) or epoll(7): eventfd(2).
class event_flag {
public:
  /// Throws `std::system_error` when the system has no descriptor left.
  event_flag();
  ~event_flag();
  event_flag(const event_flag&) = delete;
  event_flag& operator=(const event_flag&) = delete;

  void raise() noexcept;

  /// Forgets that it was raised, however often.
  void lower() noexcept;

  /// Is readable while the flag is raised.
  int descriptor() const noexcept { return descriptor_; }

private:
  int descriptor_;
};

}  // namespace byssus::detail
