#pragma once

#include <condition_variable>
#include <mutex>

namespace byssus::tests {

/// Stands in for the system's resolver in this program: `getaddrinfo` is interposed. Names ending
/// in `.hangs` hang until `release`; `localhost` is 127.0.0.1; `::1,127.0.0.1.listed` is answered
/// with what it lists, in that order; all others are unknown.
class scripted_resolver {
public:
  static scripted_resolver& instance();

  void hang();
  void release();
  /// Waits until `count` calls hang.
  bool hanging(int count);

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool released_ = false;
  int hanging_ = 0;
};

}  // namespace byssus::tests
