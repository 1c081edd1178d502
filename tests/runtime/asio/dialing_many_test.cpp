#include "byssus/runtime/asio/happy_eyeballs.hpp"
#include "byssus/tests/catch.hpp"

#include "support/dialing.hpp"
#include "support/scripted_resolver.hpp"
#include "support/wired.hpp"
#include <algorithm>
#include <filesystem>
#include <stdexcept>

/// Hosts with several addresses, on real sockets (RFC 8305).
using namespace byssus;
using namespace byssus::tests;
using namespace std::chrono_literals;

namespace {

constexpr auto attempt_delay = byssus::detail::happy_eyeballs::attempt_delay;

/// An address at which nobody answers: once a backlog is full the kernel drops further handshakes.
class silent_place {
public:
  explicit silent_place(const std::string& address, std::uint16_t port = 0)
      : listener_(0, address, port) {
    for (int i = 0; i < 4; ++i) {
      fillers_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      sockaddr_in where{};
      where.sin_family = AF_INET;
      where.sin_port = htons(listener_.port());
      if (::inet_pton(AF_INET, address.c_str(), &where.sin_addr) != 1)
        throw std::invalid_argument{address};
      ::connect(fillers_.back().descriptor(), reinterpret_cast<sockaddr*>(&where), sizeof where);
    }
  }

  std::uint16_t port() const { return listener_.port(); }

private:
  raw_listener listener_;
  std::vector<raw_peer> fillers_;
};

/// A reactor's own descriptors come when its thread begins, so only sockets are counted.
std::ptrdiff_t open_sockets() {
  const std::filesystem::directory_iterator all{"/proc/self/fd"};
  return std::count_if(begin(all), end(all), [](const std::filesystem::path& each) {
    std::error_code gone;
    return read_symlink(each, gone).string().starts_with("socket:");
  });
}

std::string address(const std::string& host, std::uint16_t port) {
  return to_string(endpoint{host, port});
}

std::string peer_of(loops& running, dialing& one) {
  return running.on([&] { return one.fresh().peer(); });
}

}  // namespace

TEST_CASE("dialer: numeric IPv6 addresses connect, are named in brackets and keep their scope") {
  loops running;
  raw_listener listener{16, "::1"};
  dialing one{running, {"::1", listener.port()}};
  REQUIRE(one.end() == "dialed");
  CHECK(peer_of(running, one) == address("::1", listener.port()));

  dialing scoped{running, {"fe80::1%lo", listener.port()}, {20s, 200ms}};
  CHECK(scoped.end() != "dialed");
  CHECK(scoped.detail().find(address("fe80::1%lo", listener.port())) != std::string::npos);
}

TEST_CASE("dialer: a host that refuses on IPv6 is reached on IPv4") {
  loops running;
  raw_listener listener;
  const raw_listener closed{-1, "::1", listener.port()};
  dialing one{running, {"::1,127.0.0.1.listed", listener.port()}};
  REQUIRE(one.end() == "dialed");
  CHECK(peer_of(running, one) == address("127.0.0.1", listener.port()));
  CHECK(one.took() >= byssus::detail::happy_eyeballs::least_delay);
}

TEST_CASE("dialer: an address that answers in time is the only one that is asked") {
  loops running;
  const raw_listener second{16, "127.0.0.1"};
  raw_listener first{16, "::1", second.port()};
  dialing one{running, {"::1,127.0.0.1.listed", first.port()}};
  REQUIRE(one.end() == "dialed");
  CHECK(peer_of(running, one) == address("::1", first.port()));
  if (one.took() < attempt_delay)
    CHECK_FALSE(second.is_visited());
}

TEST_CASE(
    "dialer: an address that keeps silent is overtaken after the attempt delay, and its socket is "
    "closed") {
  loops running;
  raw_listener listener{16, "127.0.0.1"};
  const silent_place silent{"127.0.0.2", listener.port()};
  const auto before = open_sockets();
  dialing one{running, {"127.0.0.2,127.0.0.1.listed", silent.port()}};
  REQUIRE(one.end() == "dialed");
  CHECK(peer_of(running, one) == address("127.0.0.1", silent.port()));
  CHECK(one.took() >= attempt_delay);
  CHECK(eventually([&] { return open_sockets() == before + 1; }));
}

TEST_CASE("dialer: the families take turns, so three silent addresses of one cost one delay") {
  loops running;
  const silent_place one{"127.0.0.1"};
  raw_listener listener{16, "::1", one.port()};
  const silent_place two{"127.0.0.2", listener.port()};
  const silent_place three{"127.0.0.3", listener.port()};
  dialing many{running, {"127.0.0.1,127.0.0.2,127.0.0.3,::1.listed", listener.port()}};
  REQUIRE(many.end() == "dialed");
  CHECK(peer_of(running, many) == address("::1", listener.port()));
  CHECK(many.took() < 3 * attempt_delay);
}

TEST_CASE("dialer: when every address refuses, the reason says so and the detail names them all") {
  loops running;
  const raw_listener closed{-1};
  const raw_listener closed_too{-1, "::1", closed.port()};
  dialing one{running, {"::1,127.0.0.1.listed", closed.port()}};
  CHECK(one.end() == "connect_refused");
  CHECK(one.detail() == address("::1", closed.port()) + ": Connection refused; " +
                            address("127.0.0.1", closed.port()) + ": Connection refused");
}

TEST_CASE("dialer: the connect deadline is for all addresses together") {
  loops running;
  const silent_place one{"127.0.0.1"};
  const silent_place two{"127.0.0.2", one.port()};
  const auto before = open_sockets();
  dialing both{running, {"127.0.0.1,127.0.0.2.listed", one.port()}, {20s, 400ms}};
  CHECK(both.end() == "connect_timeout");
  CHECK(both.took() >= 400ms);
  CHECK(both.detail() == address("127.0.0.1", one.port()) + ": no answer in time; " +
                             address("127.0.0.2", one.port()) + ": no answer in time");
  CHECK(eventually([&] { return open_sockets() == before; }));
}

TEST_CASE("dialer: a dial that is given up while it races leaves no descriptor and says nothing") {
  loops running;
  const silent_place one{"127.0.0.1"};
  const silent_place two{"127.0.0.2", one.port()};
  const auto before = open_sockets();
  dialing both{running, {"127.0.0.1,127.0.0.2.listed", one.port()}};
  CHECK(eventually([&] { return open_sockets() == before + 2; }));
  both.give_up();
  CHECK(eventually([&] { return open_sockets() == before; }));
  CHECK(both.ends() == 0);
}
