#include "way.hpp"
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <sstream>
#include <string>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <utility>

/// \file
/// Two network namespaces and the rough way between them; see rough_network.py, which starts this.
///
///     near:  programs ── tun "rough" ── way there ──▶ tun "rough" ── programs  :far
///                                    ◀── way back ──
///
/// The namespaces have no name: they are there as long as this process, or one inside them. It ends
/// when standard input does, or with who started it. On standard input it takes a line at a time
/// and answers each with one:
///
///     there|back|both WEATHER     ok
///     counts                      there CAME LOST CUT OVERFLOWED ARRIVED back …

namespace {

using byssus::tests::way;

/// Exit code 77 means that this machine or user may not do such things.
[[noreturn]] void fail(const char* what) {
  const bool forbidden = errno == EPERM || errno == EACCES || errno == ENOENT || errno == ENODEV;
  std::fprintf(stderr, "relay: %s: %s\n", what, std::strerror(errno));
  std::exit(forbidden ? 77 : 1);
}

/// One end: a namespace of its own with the device through which its packets leave.
struct side {
  int space;   ///< of /proc/self/ns/net
  int device;  ///< a packet a read, a packet a write
};

side make_side() {
  if (::unshare(CLONE_NEWNET) != 0)
    fail("no network namespace");
  side made{::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC),
            ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC)};
  ifreq wanted{};
  wanted.ifr_flags = IFF_TUN | IFF_NO_PI;
  std::strcpy(wanted.ifr_name, "rough");
  if (made.space < 0 || made.device < 0 || ::ioctl(made.device, TUNSETIFF, &wanted) != 0)
    fail("no TUN device");
  return made;
}

/// All that the device has.
void take_in(int device, way& into) {
  std::array<std::byte, 65536> room;
  for (ssize_t size = 0; (size = ::read(device, room.data(), room.size())) > 0;)
    into.take({room.begin(), room.begin() + size}, std::chrono::steady_clock::now());
}

/// All that has arrived. A device that is not up yet, or full, loses it.
void give_out(way& from, int device) {
  while (const auto packet = from.next(std::chrono::steady_clock::now()))
    static_cast<void>(::write(device, packet->data(), packet->size()) < 0);
}

void print_counts(const char* name, const way& one) {
  const auto& all = one.counted();
  std::cout << name << ' ' << all.came << ' ' << all.lost << ' ' << all.cut << ' ' << all.overflowed
            << ' ' << all.arrived;
}

bool change(way& one, const std::string& words) {
  auto now = one.conditions();
  std::istringstream stream{words};
  if (!byssus::tests::read_weather(stream, now))
    return false;
  one.set(now);
  return true;
}

void obey(const std::string& line, way& there, way& back) {
  const auto end = std::min(line.find(' '), line.size());
  const auto which = line.substr(0, end);
  const auto words = line.substr(end);
  if (which == "counts") {
    print_counts("there", there);
    print_counts(" back", back);
  } else {
    const bool known = which == "there" || which == "back" || which == "both";
    const bool done = known && (which == "back" || change(there, words)) &&
                      (which == "there" || change(back, words));
    std::cout << (done ? "ok" : "not understood: " + line);
  }
  std::cout << std::endl;
}

/// Returns false at the end of standard input.
bool take_orders(std::string& unfinished, way& there, way& back) {
  std::array<char, 4096> room;
  const auto size = ::read(STDIN_FILENO, room.data(), room.size());
  if (size <= 0)
    return false;
  unfinished.append(room.data(), static_cast<std::size_t>(size));
  for (std::size_t end = 0; (end = unfinished.find('\n')) != std::string::npos;) {
    obey(unfinished.substr(0, end), there, back);
    unfinished.erase(0, end + 1);
  }
  return true;
}

/// Waits for an order, a packet, or an arrival.
void wait(std::array<pollfd, 3>& watched, const way& there, const way& back) {
  timespec until{};
  const timespec* limit = nullptr;
  for (const auto due : {there.due(), back.due()}) {
    if (!due)
      continue;
    const auto left =
        std::max(std::chrono::nanoseconds{0}, *due - std::chrono::steady_clock::now());
    const timespec span{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    if (limit == nullptr ||
        std::pair{span.tv_sec, span.tv_nsec} < std::pair{until.tv_sec, until.tv_nsec})
      until = span;
    limit = &until;
  }
  if (::ppoll(watched.data(), watched.size(), limit, nullptr) < 0 && errno != EINTR)
    fail("ppoll");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: rough_network_relay SEED\n";
    return 2;
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto seed = std::strtoull(argv[1], nullptr, 10);
  const auto near = make_side();
  const auto far = make_side();
  way there{2 * seed};
  way back{2 * seed + 1};
  std::cout << "near /proc/" << ::getpid() << "/fd/" << near.space << " far /proc/" << ::getpid()
            << "/fd/" << far.space << std::endl;

  std::string unfinished;
  std::array<pollfd, 3> watched{
      {{STDIN_FILENO, POLLIN, 0}, {near.device, POLLIN, 0}, {far.device, POLLIN, 0}}};
  while (watched[0].revents == 0 || take_orders(unfinished, there, back)) {
    take_in(near.device, there);
    take_in(far.device, back);
    give_out(there, far.device);
    give_out(back, near.device);
    wait(watched, there, back);
  }
}
