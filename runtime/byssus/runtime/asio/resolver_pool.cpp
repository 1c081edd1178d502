#include "byssus/runtime/asio/resolver_pool.hpp"

#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <netdb.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <utility>

namespace byssus::detail {

namespace {

struct pending_question {
  std::string host;
  std::uint16_t port;
  resolver_pool::callback done;
  std::shared_ptr<std::atomic<bool>> wanted;
};

resolution look_up(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  // Spares hosts of one family the other's question; but ::1 and 127.0.0.1 do not count for it, so
  // that on them `localhost` would have one address, perhaps not the one where a node listens.
  if (host != "localhost")
    hints.ai_flags |= AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (code != 0)
    return {{}, code == EAI_SYSTEM ? std::system_category().message(errno) : ::gai_strerror(code)};
  resolution answer;
  for (const auto* each = found; each != nullptr; each = each->ai_next) {
    tcp::endpoint address;
    if (each->ai_addrlen > address.capacity())
      continue;
    std::memcpy(address.data(), each->ai_addr, each->ai_addrlen);
    address.resize(each->ai_addrlen);
    answer.addresses.push_back(address);
  }
  ::freeaddrinfo(found);
  return answer;
}

}  // namespace

/// Held by the pool and by each of its threads.
struct resolver_pool::shared {
  explicit shared(std::size_t most) : most_threads(most) {}

  std::mutex mutex;
  std::condition_variable asked;
  std::deque<pending_question> waiting;
  const std::size_t most_threads;
  std::size_t threads = 0;
  std::size_t idle = 0;
  bool closed = false;

  void serve() {
    std::unique_lock lock{mutex};
    while (true) {
      ++idle;
      asked.wait(lock, [this] { return closed || !waiting.empty(); });
      --idle;
      if (closed)
        return;
      auto question = std::move(waiting.front());
      waiting.pop_front();
      if (!question.wanted->load())
        continue;
      lock.unlock();
      auto answer = look_up(question.host, question.port);
      lock.lock();
      if (!closed && question.wanted->load())
        question.done(std::move(answer));
    }
  }
};

resolver_pool::resolver_pool(std::size_t most_threads)
    : shared_(std::make_shared<shared>(most_threads)) {}

resolver_pool::~resolver_pool() {
  close();
}

resolver_pool::question resolver_pool::ask(const std::string& host, std::uint16_t port,
                                           callback done) {
  auto wanted = std::make_shared<std::atomic<bool>>(true);
  const std::lock_guard lock{shared_->mutex};
  shared_->waiting.push_back({host, port, std::move(done), wanted});
  if (shared_->idle < shared_->waiting.size() && shared_->threads < shared_->most_threads) {
    // If the system refuses one more, those there are will come to it, or its deadline will.
    try {
      std::thread{[held = shared_] { held->serve(); }}.detach();
      ++shared_->threads;
    } catch (const std::system_error&) {
    }
  }
  shared_->asked.notify_one();
  return question{std::move(wanted)};
}

void resolver_pool::close() noexcept {
  const std::lock_guard lock{shared_->mutex};
  shared_->closed = true;
  shared_->waiting.clear();
  shared_->asked.notify_all();
}

}  // namespace byssus::detail
