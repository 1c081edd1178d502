#include "byssus/tests/clock.hpp"

#include <algorithm>
#include <byssus/byssus.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <deque>
#include <poll.h>
#include <string>
#include <sys/prctl.h>
#include <unistd.h>
#include <vector>

/// \file
/// Links in one process, for tests of the network between them and their node. Prints a line for
/// each state of a link and each thing that happens, the monotonic time in front, until standard
/// input ends.

namespace {

using namespace std::chrono_literals;

/// What all links of this program are to do.
struct orders {
  std::string node;
  std::size_t links = 20;
  std::size_t talkers = 0;
  byssus::duration every = 10s;
  byssus::duration heartbeat = 5s;
  std::size_t bulk_bytes = 0;
  std::size_t piece_bytes = 16 * 1024;
  std::size_t under_way = 4;
};

void tell(const std::string& who, const std::string& what) {
  std::printf("%.6f %s %s\n", byssus::tests::seconds_now(), who.c_str(), what.c_str());
  std::fflush(stdout);
}

/// A link and its room. Its callbacks run one at a time.
class guest {
public:
  guest(byssus::node& home, const orders& all, std::size_t number)
      : name_("link" + std::to_string(number)),
        orders_(all),
        link_(home.connect(
            {.endpoints = {all.node}, .name = name_, .heartbeat = {.interval = all.heartbeat}})),
        room_(link_.join(number < all.talkers ? "square" : name_)) {
    link_.on_state([this](const byssus::link_state& now) { tell(name_, to_string(now)); });
    room_.joined().then([this](const byssus::joined&) {
      tell(name_, "joined");
      for (std::size_t i = 0; i < orders_.under_way && orders_.bulk_bytes > 0; ++i)
        write_on();
    });
  }

  void say(const std::string& line) {
    room_.publish(line).or_else(
        [this](const byssus::failure& why) { tell(name_, "not said: " + to_string(why)); });
  }

private:
  /// The next piece leaves when an earlier one is confirmed.
  void write_on() {
    if (begun_ >= orders_.bulk_bytes)
      return;
    begun_ += orders_.piece_bytes;
    room_.publish(std::string(orders_.piece_bytes, 'x'))
        .then([this](const byssus::receipt&) {
          written_ += orders_.piece_bytes;
          if (written_ >= told_ + 100'000 || written_ >= orders_.bulk_bytes) {
            told_ = written_;
            tell(name_, "written " + std::to_string(written_));
          }
          write_on();
        })
        .or_else(
            [this](const byssus::failure& why) { tell(name_, "not written: " + to_string(why)); });
  }

  std::string name_;
  const orders& orders_;
  std::size_t begun_ = 0;
  std::size_t written_ = 0;
  std::size_t told_ = 0;
  byssus::link link_;
  byssus::room_handle room_;
};

}  // namespace

int main(int argc, char** argv) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  orders all;
  byssus::config config{.log_level = byssus::severity::error};
  byssus::settings{"Holds links to a node and says how they are."}
      .require("node", "tcp://HOST:PORT", "the node", byssus::as_endpoint(all.node))
      .add("links", "N", "how many", byssus::as_count(all.links, 1, 1000))
      .add("talkers", "N",
           "how many of them talk, in one room; each other one is silent in a room "
           "of its own",
           byssus::as_count(all.talkers, 0, 1000))
      .add("every", "TIME", "how often a talker says a line",
           byssus::as_duration(all.every, 1ms, 1h))
      .add("heartbeat", "TIME", "how often each pings",
           byssus::as_duration(all.heartbeat, 10ms, 1h))
      .add("bulk", "BYTES", "what each writes as fast as it can",
           byssus::as_count(all.bulk_bytes, 0, std::size_t{1} << 40U))
      .add("piece", "BYTES", "a message of it", byssus::as_count(all.piece_bytes, 1, 1 << 20))
      .add("under-way", "N", "such messages that are not confirmed yet",
           byssus::as_count(all.under_way, 1, 1000))
      .add_client(config)
      .parse_or_exit(argc, argv);

  std::deque<guest> guests;  // what callbacks refer to outlives the node
  byssus::node home{config};
  for (std::size_t i = 0; i < all.links; ++i)
    guests.emplace_back(home, all, i);

  pollfd input{STDIN_FILENO, POLLIN, 0};
  auto next = std::chrono::steady_clock::now() + all.every;
  for (std::size_t turn = 0; all.talkers > 0;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(next - std::chrono::steady_clock::now());
    if (::poll(&input, 1, static_cast<int>(std::max<long>(left.count(), 0))) != 0)
      break;
    // One after the other, so that each speaks once in `every`.
    guests[turn++ % all.talkers].say("a line now and then");
    next += all.every / static_cast<long>(all.talkers);
  }
  ::poll(&input, 1, -1);
}
