#include "byssus/runtime/asio/tcp.hpp"
#include "byssus/tests/catch.hpp"

#include "support/wired.hpp"
#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

using namespace byssus;
using namespace byssus::tests;
using namespace std::chrono_literals;

namespace {

/// Listens on a reactor, and keeps the strangers.
class listening_door final : public accept_listener {
public:
  explicit listening_door(loops& within, const endpoint& where = {"127.0.0.1", 0},
                          std::size_t on = 0)
      : home_(within), index_(on) {
    home_.on(index_, [&] { outcome = home_[index_].listen(where, *this); });
  }
  ~listening_door() { close(); }

  void on_accepted(std::unique_ptr<detached_socket> stranger) override {
    strangers.push_back(std::move(stranger));
    if (pause_after_each > 0s)
      outcome.socket->pause(pause_after_each);
    told.add("accepted");
  }
  void on_accept_failed(errc reason) override { told.add(std::string{name(reason)}); }

  std::uint16_t port() {
    return home_.on(index_, [this] { return outcome.socket->where().port; });
  }
  void close() {
    home_.on(index_, [this] {
      outcome.socket.reset();
      strangers.clear();
    });
  }

  listening outcome;
  std::vector<std::unique_ptr<detached_socket>> strangers;
  happenings told;
  duration pause_after_each{0};

private:
  loops& home_;
  std::size_t index_;
};

std::atomic<bool> exhausted{false};

/// While it lives, `accept4` fails as it does in a process without a free descriptor, and leaves
/// the stranger in the backlog. (Under a real limit UndefinedBehaviorSanitizer itself fails.)
class no_more_descriptors {
public:
  no_more_descriptors() { exhausted = true; }
  ~no_more_descriptors() { exhausted = false; }
  no_more_descriptors(const no_more_descriptors&) = delete;
  no_more_descriptors& operator=(const no_more_descriptors&) = delete;
};

duration processor_time() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return std::chrono::seconds{used.ru_utime.tv_sec + used.ru_stime.tv_sec} +
         std::chrono::microseconds{used.ru_utime.tv_usec + used.ru_stime.tv_usec};
}

}  // namespace

/// Interposed in this program.
extern "C" int accept4(int listening, sockaddr* peer, socklen_t* size, int flags) {
  if (!exhausted)
    return static_cast<int>(::syscall(SYS_accept4, listening, peer, size, flags));
  errno = EMFILE;
  return -1;
}

TEST_CASE(
    "acceptor: port 0 becomes a real port, on which strangers are taken and talk once adopted") {
  loops running{{.reactors = 2}};
  listening_door door{running};
  REQUIRE(door.port() != 0);
  auto peer = raw_peer::connected_to(door.port());
  REQUIRE(door.told.wait_for(1).size() == 1);
  transport_log log;
  std::unique_ptr<transport> socket;
  running.on(1, [&] {
    socket = running[1].adopt(std::move(door.strangers.front()));
    socket->attach(log);
  });
  peer.send("hello");
  CHECK(log.received(5) == "hello");
  CHECK(socket->peer().starts_with("127.0.0.1:"));
  running.on(1, [&] { socket.reset(); });
}

TEST_CASE("acceptor: many strangers at once are all taken") {
  loops running;
  listening_door door{running};
  const auto port = door.port();
  std::vector<raw_peer> peers;
  peers.reserve(200);
  for (int index = 0; index < 200; ++index)
    peers.push_back(raw_peer::connected_to(port));
  CHECK(door.told.wait_for(200).size() == 200);
}

TEST_CASE("acceptor: a taken port is refused for its reason, in the system's words") {
  loops running{{.reactors = 2}};
  listening_door first{running};
  listening_door second{running, {"127.0.0.1", first.port()}, 1};
  listening_door everywhere{running, {"0.0.0.0", first.port()}, 1};
  for (auto* each : {&second, &everywhere}) {
    CHECK(each->outcome.socket == nullptr);
    CHECK(each->outcome.reason == errc::address_in_use);
    CHECK(each->outcome.detail == "Address already in use");
  }
}

TEST_CASE(
    "acceptor: a port is free again at once, also after connections that the listening side "
    "ended") {
  loops running;
  std::uint16_t port = 0;
  {
    listening_door door{running};
    port = door.port();
    auto peer = raw_peer::connected_to(port);
    door.told.wait_for(1);
    door.close();
    CHECK(peer.read_to_end().empty());
  }
  raw_peer refused{::socket(AF_INET, SOCK_STREAM, 0)};
  CHECK_FALSE(refused.connect(port));
  const listening_door again{running, {"127.0.0.1", port}};
  CHECK(again.outcome.detail.empty());
  CHECK(again.outcome.socket != nullptr);
}

TEST_CASE("acceptor: programs that the process starts inherit neither its port nor its strangers") {
  loops running;
  listening_door door{running};
  const auto port = door.port();
  const auto peer = raw_peer::connected_to(port);
  door.told.wait_for(1);
  int found = 0;
  for (int descriptor = 0; descriptor < 1024; ++descriptor) {
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), &size) != 0 ||
        ntohs(bound.sin_port) != port)
      continue;
    ++found;
    CHECK((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
  }
  CHECK(found == 2);
}

TEST_CASE(
    "acceptor: a host that is no numeric address is refused, and an address of another machine "
    "too") {
  loops running;
  for (const auto* host : {"chat.example", "192.0.2.1", ""}) {
    listening_door door{running, {host, 0}};
    CHECK(door.outcome.socket == nullptr);
    CHECK(door.outcome.reason == errc::address_invalid);
    CHECK_FALSE(door.outcome.detail.empty());
  }
}

TEST_CASE(
    "acceptor: without descriptors it says so, pauses without spinning, and takes the stranger "
    "afterwards") {
  loops running;
  listening_door door{running};
  const auto port = door.port();
  raw_peer peer{::socket(AF_INET, SOCK_STREAM, 0)};
  {
    const no_more_descriptors while_here;
    const auto began = std::chrono::steady_clock::now();
    const auto worked = processor_time();
    REQUIRE(peer.connect(port));
    const auto told = door.told.wait_for(4);
    REQUIRE(told.size() >= 4);
    CHECK(std::count(told.begin(), told.end(), "out_of_descriptors") ==
          static_cast<std::ptrdiff_t>(told.size()));
    CHECK(std::chrono::steady_clock::now() - began >= 300ms);
    CHECK(processor_time() - worked < 150ms);
  }
  CHECK(eventually([&] { return door.told.all().back() == "accepted"; }));
}

TEST_CASE("acceptor: while it is paused strangers wait, and then are taken") {
  loops running;
  listening_door door{running};
  const auto port = door.port();
  const auto began = std::chrono::steady_clock::now();
  running.on(0, [&] { door.outcome.socket->pause(300ms); });
  std::vector<raw_peer> peers;
  peers.reserve(3);
  for (int index = 0; index < 3; ++index)
    peers.push_back(raw_peer::connected_to(port));
  CHECK(door.told.wait_for(3).size() == 3);
  CHECK(std::chrono::steady_clock::now() - began >= 300ms);
}

TEST_CASE("acceptor: a listener may pause it between two strangers") {
  loops running;
  listening_door door{running};
  door.pause_after_each = 100ms;
  const auto port = door.port();
  const auto began = std::chrono::steady_clock::now();
  std::vector<raw_peer> peers;
  peers.reserve(4);
  for (int index = 0; index < 4; ++index)
    peers.push_back(raw_peer::connected_to(port));
  CHECK(door.told.wait_for(4).size() == 4);
  CHECK(std::chrono::steady_clock::now() - began >= 300ms);
}

TEST_CASE("acceptor: `::` takes IPv4 as well, and calls such a peer by his IPv4 address") {
  loops running;
  if (raw_peer{::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)}.descriptor() < 0) {
    WARN("skipped: no IPv6 here");
    return;
  }
  listening_door door{running, {"::", 0}};
  const auto peer = raw_peer::connected_to(door.port());
  REQUIRE(door.told.wait_for(1).size() == 1);
  running.on(0, [&] {
    CHECK(door.strangers.front()->origin() == "127.0.0.1");
    CHECK(running[0].adopt(std::move(door.strangers.front()))->peer().starts_with("127.0.0.1:"));
  });
}

TEST_CASE("acceptor: one IPv6 host is all of its /64") {
  const auto origin = [](const char* address) {
    return byssus::detail::origin_of({boost::asio::ip::make_address(address), 7});
  };
  CHECK(origin("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
  CHECK(origin("2001:db8:1:2:ffff::1") == origin("2001:db8:1:2::9"));
  CHECK(origin("2001:db8:1:3::1") != origin("2001:db8:1:2::1"));
  CHECK(origin("::ffff:192.0.2.7") == "192.0.2.7");
  CHECK(origin("192.0.2.7") == "192.0.2.7");
}
