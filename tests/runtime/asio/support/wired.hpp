#pragma once

#include "byssus/runtime/asio/tcp_stream.hpp"

#include "loops.hpp"
#include "raw_peer.hpp"
#include <functional>
#include <memory>
#include <string>

namespace byssus::tests {

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span{text.data(), text.size()});
}

/// Writes down what a transport tells, and notices calls from inside calls.
class transport_log final : public transport_listener {
public:
  void on_bytes(std::span<const std::byte> bytes) override {
    const std::string text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    {
      const std::lock_guard lock{mutex_};
      received_ += text;
    }
    note("bytes");
  }
  void on_ended() override { note("ended"); }
  void on_drained() override { note("drained"); }
  void on_polled() override { note("polled"); }
  void on_closed(errc reason) override { note("closed " + std::string{name(reason)}); }

  /// Waits until `count` bytes have come, and returns them all.
  std::string received(std::size_t count) const {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, patience, [&] { return received_.size() >= count; });
    return received_;
  }

  /// Waits until `what` was told, and returns whether it was.
  bool heard(const std::string& what) const {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, patience, [&] { return count_of(what) > 0; });
  }

  std::size_t count(const std::string& what) const {
    const std::lock_guard lock{mutex_};
    return count_of(what);
  }

  /// What was told, repetitions of `bytes` left out.
  std::vector<std::string> story() const {
    const std::lock_guard lock{mutex_};
    std::vector<std::string> told;
    for (const auto& each : events_) {
      if (told.empty() || each != "bytes" || told.back() != "bytes")
        told.push_back(each);
    }
    return told;
  }

  /// Called at the end of each callback, with its name.
  std::function<void(const std::string&)> then;
  /// Set by tests while they are inside a call on the transport.
  bool inside = false;

private:
  std::size_t count_of(const std::string& what) const {
    return static_cast<std::size_t>(std::count(events_.begin(), events_.end(), what));
  }

  void note(const std::string& what) {
    {
      const std::lock_guard lock{mutex_};
      events_.push_back(inside ? what + " from inside a call" : what);
      changed_.notify_all();
    }
    if (then) {
      const auto call = then;
      call(what);
    }
  }

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::string received_;
  std::vector<std::string> events_;
};

/// A transport on reactor `index` and the raw socket at its other end.
struct wired {
  loops& home;
  std::size_t index;
  std::unique_ptr<detached_socket> accepted;
  // Our end of it.
  int near_descriptor = -1;
  raw_peer peer;
  std::unique_ptr<transport> socket;
  transport_log log;

  explicit wired(loops& within, std::size_t on = 0) : home(within), index(on), peer(connect()) {
    home.on(index, [this] {
      socket = home[index].adopt(std::move(accepted));
      socket->attach(log);
    });
  }

  ~wired() {
    home.on(index, [this] { socket.reset(); });
  }

  /// Calls `work` on the reactor, as one call made to the transport.
  template <class F>
  auto call(F work) {
    return home.on(index, [&] {
      log.inside = true;
      struct leave {
        bool& inside;
        ~leave() { inside = false; }
      } const left{log.inside};
      return work();
    });
  }

  bool send(std::string_view text, lane which = lane::bulk) {
    return call([&] { return socket->send(bytes_of(text), which); });
  }

private:
  raw_peer connect() {
    raw_listener listener;
    auto near = raw_peer::connected_to(listener.port());
    detail::tcp::endpoint far;
    const int descriptor = near_descriptor = listener.accept_descriptor();
    auto size = static_cast<socklen_t>(far.capacity());
    ::getpeername(descriptor, far.data(), &size);
    accepted = std::make_unique<detail::detached_tcp_socket>(descriptor, far, false);
    return near;
  }
};

}  // namespace byssus::tests
