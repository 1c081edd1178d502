#pragma once

#include "byssus/runtime/asio/tcp.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace byssus::detail {

/// What came of a name: addresses in the system's order, or its words for why not.
struct resolution {
  std::vector<tcp::endpoint> addresses;
  std::string detail;
};

/// Looks names up with `getaddrinfo`, which has no deadline and cannot be cancelled: in threads of
/// its own, made on demand up to a limit, for all reactors of a process. While all of them hang,
/// further names wait; who asked gives up at his own deadline. The threads are detached and hold
/// what they touch, so that nobody waits for one at the end: it ends with its call, or with the
/// process.
class resolver_pool {
public:
  using callback = std::function<void(resolution)>;

  explicit resolver_pool(std::size_t most_threads);
  ~resolver_pool();
  resolver_pool(const resolver_pool&) = delete;
  resolver_pool& operator=(const resolver_pool&) = delete;

  /// Held by who asks; destroying it gives the question up. `done` may then still be running, on
  /// another thread.
  class question {
  public:
    explicit question(std::shared_ptr<std::atomic<bool>> wanted) : wanted_(std::move(wanted)) {}
    question(question&&) = default;
    question& operator=(question&&) = default;
    ~question() {
      if (wanted_)
        wanted_->store(false);
    }

  private:
    std::shared_ptr<std::atomic<bool>> wanted_;
  };

  /// Calls `done` on a resolver's thread, under the pool's lock: it hands the answer on and
  /// returns. Any thread.
  [[nodiscard]] question ask(const std::string& host, std::uint16_t port, callback done);

  /// From the return of this on no `done` is called. Any thread.
  void close() noexcept;

private:
  struct shared;
  std::shared_ptr<shared> shared_;
};

}  // namespace byssus::detail
