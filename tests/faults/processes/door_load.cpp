#include "byssus/protocol/decoder.hpp"
#include "byssus/protocol/handshake.hpp"
#include "byssus/protocol/payload.hpp"
#include "byssus/tests/clock.hpp"
#include "byssus/tests/descriptors.hpp"
#include "byssus/tests/loopback.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

/// \file
/// Strangers by the ten thousand at a node's door.
///
///     door_load PORT KIND COUNT RATE
///
/// makes COUNT connections to 127.0.0.1:PORT, RATE a second. KIND says what each of them does:
/// `silent` nothing; `byte` says the first byte of the preface and waits; `hello` says a whole
/// hello; `flood` says 200 pings at once, and again whenever something is answered, and comes again
/// when it was closed, so that there are always COUNT. Each line of stdin is answered by one of
/// JSON, which says what has become of them; the end of stdin ends the program. Exit code 77: so
/// many descriptors cannot be had here.

namespace {

using namespace byssus;

enum class kind { silent, byte, hello, flood };

struct plan {
  std::uint16_t port = 0;
  kind of = kind::silent;
  std::size_t count = 0;
  double rate = 0;
};

/// How many ended in one way, and how long they had been connected.
struct outcome {
  std::size_t count = 0;
  double least = std::numeric_limits<double>::max();
  double most = 0;

  void add(double lived) {
    ++count;
    least = std::min(least, lived);
    most = std::max(most, lived);
  }
};

/// So many share an address.
constexpr std::size_t strangers_per_address = 5000;

/// One connection: what it says first, and what it hears.
class stranger {
public:
  /// The `number`th, counted from 1. It closes its socket.
  stranger(int socket, kind of, std::uint64_t number) : socket_(socket), of_(of), number_(number) {}
  ~stranger() { close(socket_); }
  stranger(const stranger&) = delete;
  stranger& operator=(const stranger&) = delete;

  int socket() const noexcept { return socket_; }
  bool connected() const noexcept { return since_ > 0; }
  bool welcomed() const noexcept { return welcomed_; }
  double lived() const { return tests::seconds_now() - since_; }
  /// The close code that came, as text, or empty.
  const std::string& code() const noexcept { return code_; }

  /// The socket is connected, or not: then `false`.
  bool begin() {
    int failure = 0;
    socklen_t size = sizeof failure;
    getsockopt(socket_, SOL_SOCKET, SO_ERROR, &failure, &size);
    if (failure != 0)
      return false;
    since_ = tests::seconds_now();
    if (of_ == kind::flood)
      ping();
    if (of_ == kind::byte)
      say(protocol::encode_preface().bytes().first(1));
    if (of_ == kind::hello) {
      protocol::hello said;
      said.publisher = (static_cast<std::uint64_t>(getpid()) << 24U) + number_;
      said.name = "stranger-" + std::to_string(said.publisher);
      said.heartbeat = std::chrono::minutes{5};
      say(protocol::encode_preface().bytes());
      say(protocol::encode_hello(said).bytes());
    }
    return true;
  }

  void ping() {
    static const std::string many = [] {
      std::string text;
      for (int i = 0; i < 200; ++i)
        text += "ping\n";
      return text;
    }();
    say(protocol::as_bytes(many));
  }

  /// Reads what is there; `false` at the end of the connection.
  bool listen() {
    std::byte room[4096];
    const auto count = recv(socket_, room, sizeof room, 0);
    if (count < 0)
      return errno == EAGAIN;
    if (count == 0)
      return false;
    hear(std::span{room, static_cast<std::size_t>(count)});
    if (of_ == kind::flood)
      ping();
    return true;
  }

private:
  void say(protocol::byte_view bytes) {
    static_cast<void>(!send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }

  void hear(protocol::byte_view bytes) {
    if (of_ == kind::silent || of_ == kind::flood)
      return hear_text(protocol::as_text(bytes));
    static_cast<void>(frames_.feed(bytes, [this](const protocol::frame_view& frame) {
      welcomed_ |= frame.type == protocol::frame_type::welcome;
      if (frame.type != protocol::frame_type::close)
        return;
      if (const auto closed = protocol::parse_close(frame.body))
        code_ = std::to_string(static_cast<unsigned>(closed->code));
    }));
  }

  void hear_text(std::string_view text) {
    constexpr std::string_view word = "closed: ";
    const auto at = text.find(word);
    if (at != std::string_view::npos)
      code_ = text.substr(at + word.size(), 4);
  }

  int socket_;
  kind of_;
  std::uint64_t number_;  ///< with the process, its name
  double since_ = 0;
  bool welcomed_ = false;
  std::string code_;
  protocol::decoder frames_;
};

class crowd {
public:
  explicit crowd(const plan& wanted)
      : plan_(wanted), poller_(epoll_create1(EPOLL_CLOEXEC)), last_(tests::seconds_now()) {
    watch(STDIN_FILENO, EPOLLIN, EPOLL_CTL_ADD);
  }
  ~crowd() { close(poller_); }
  crowd(const crowd&) = delete;
  crowd& operator=(const crowd&) = delete;

  /// Until stdin ends.
  void run() {
    while (!over_) {
      come();
      epoll_event events[256];
      const int count = epoll_wait(poller_, events, 256, 1);
      for (int i = 0; i < count; ++i)
        on_event(events[i].data.fd);
    }
  }

private:
  void watch(int descriptor, std::uint32_t what, int how) {
    epoll_event wanted{};
    wanted.events = what;
    wanted.data.fd = descriptor;
    epoll_ctl(poller_, how, descriptor, &wanted);
  }

  /// As many as are due by now.
  void come() {
    const auto present = tests::seconds_now();
    owed_ = std::min(owed_ + (present - last_) * plan_.rate, 100.0);
    last_ = present;
    while (owed_ >= 1 && wants_more()) {
      --owed_;
      ++begun_;
      const int made = tests::connect_from(
          static_cast<std::uint32_t>(begun_ / strangers_per_address), plan_.port, SOCK_NONBLOCK);
      if (made < 0) {
        ++failed_;
        continue;
      }
      there_[made] = std::make_unique<stranger>(made, plan_.of, begun_);
      watch(made, EPOLLOUT, EPOLL_CTL_ADD);
    }
  }

  bool wants_more() const {
    return plan_.of == kind::flood ? there_.size() < plan_.count : begun_ < plan_.count;
  }

  void on_event(int descriptor) {
    if (descriptor == STDIN_FILENO)
      return on_line();
    auto& one = *there_.at(descriptor);
    if (!one.connected()) {
      if (!one.begin()) {
        ++failed_;
        there_.erase(descriptor);
        return;
      }
      watch(descriptor, EPOLLIN, EPOLL_CTL_MOD);
      return;
    }
    if (!one.listen()) {
      ended_[one.code().empty() ? "none" : one.code()].add(one.lived());
      there_.erase(descriptor);
    }
  }

  void on_line() {
    char line[256];
    const auto count = read(STDIN_FILENO, line, sizeof line);
    over_ = count <= 0;
    if (!over_)
      report();
  }

  void report() const {
    std::size_t open = 0;
    std::size_t welcomed = 0;
    for (const auto& [descriptor, one] : there_) {
      open += one->connected() ? 1U : 0U;
      welcomed += one->welcomed() ? 1U : 0U;
    }
    std::printf(R"({"begun": %zu, "failed": %zu, "open": %zu, "welcomed": %zu, "ended": {)", begun_,
                failed_, open, welcomed);
    const char* between = "";
    for (const auto& [code, all] : ended_) {
      std::printf(R"(%s"%s": {"count": %zu, "least": %.3f, "most": %.3f})", between, code.c_str(),
                  all.count, all.least, all.most);
      between = ", ";
    }
    std::printf("}}\n");
    std::fflush(stdout);
  }

  plan plan_;
  int poller_;
  double last_;
  double owed_ = 0;
  std::size_t begun_ = 0;
  std::size_t failed_ = 0;  ///< never connected
  std::map<int, std::unique_ptr<stranger>> there_;
  std::map<std::string, outcome> ended_;  ///< by close code; `none`: without one
  bool over_ = false;
};

kind kind_of(std::string_view name) {
  const std::map<std::string_view, kind> all{{"silent", kind::silent},
                                             {"byte", kind::byte},
                                             {"hello", kind::hello},
                                             {"flood", kind::flood}};
  return all.at(name);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: %s PORT silent|byte|hello|flood COUNT RATE\n", argv[0]);
    return 2;
  }
  const plan wanted{static_cast<std::uint16_t>(std::atoi(argv[1])), kind_of(argv[2]),
                    static_cast<std::size_t>(std::atoll(argv[3])), std::atof(argv[4])};
  if (!tests::may_hold(wanted.count))
    return tests::cannot_run_here;
  crowd{wanted}.run();
}
