#include "byssus/protocol/payload.hpp"

#include <nlohmann/json.hpp>

#include "child.hpp"
#include "commands.hpp"
#include <array>
#include <cstdio>
#include <sys/epoll.h>
#include <system_error>
#include <unistd.h>
#include <vector>

/// \file
/// The load of `echo`, in a process of its own: on each connection one request is outstanding. The
/// same code and the same bytes for both servers.

namespace byssus::bench {

namespace {

using protocol::frame_type;

/// Frames after which the protocol wants an acknowledgement.
constexpr std::uint64_t frames_per_ack = 64;

class echo_load {
public:
  explicit echo_load(const echo_load_settings& settings)
      : settings_(settings), poller_(epoll_create1(EPOLL_CLOEXEC)) {
    const std::string payload(settings.size, 'x');
    call_ = protocol::encode_call(
        {1, protocol::content_kind::binary, "echo", protocol::as_bytes(payload)});
    lanes_.reserve(settings.connections);
    for (std::size_t i = 0; i < settings.connections; ++i)
      open(i);
  }
  ~echo_load() { close(poller_); }
  echo_load(const echo_load&) = delete;
  echo_load& operator=(const echo_load&) = delete;

  /// Moves bytes for so long.
  void run(double seconds) {
    const auto end = seconds_now() + seconds;
    while (seconds_now() < end)
      turn();
  }

  std::uint64_t round_trips() const noexcept { return round_trips_; }

  /// The share of its turns in which there was nothing to do.
  double idleness() const noexcept {
    return static_cast<double>(idle_turns_) / static_cast<double>(idle_turns_ + busy_turns_);
  }

private:
  struct lane_state {
    peer at;
    std::uint64_t received = 0;
  };

  void open(std::size_t number) {
    lanes_.push_back({peer{settings_.port, settings_.speaks, number}});
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.u64 = number;
    if (epoll_ctl(poller_, EPOLL_CTL_ADD, lanes_.back().at.socket(), &wanted) != 0)
      throw std::system_error{errno, std::generic_category(), "epoll_ctl"};
    if (settings_.speaks == tongue::raw)
      lanes_.back().at.send(call_.bytes());
  }

  void turn() {
    std::array<epoll_event, 128> events;
    // Without sleeping, so that no server pays for waking its load.
    const int count = epoll_wait(poller_, events.data(), events.size(), 0);
    ++(count > 0 ? busy_turns_ : idle_turns_);
    for (int i = 0; i < count; ++i)
      serve(lanes_[events[static_cast<std::size_t>(i)].data.u64]);
  }

  void serve(lane_state& lane) {
    lane.at.read(room_, [&](const protocol::frame_view& frame) { answer(lane, frame); });
  }

  void answer(lane_state& lane, const protocol::frame_view& frame) {
    switch (frame.type) {
      case frame_type::reply:
      case frame_type::call:
        ++round_trips_;
        if (++lane.received % frames_per_ack == 0)
          return ask_and_acknowledge(lane);
        return lane.at.send(call_.bytes());
      case frame_type::welcome:
        return lane.at.send(call_.bytes());
      case frame_type::ack:
        return;
      default:
        throw std::runtime_error{"the server says " + std::string{protocol::name(frame.type)}};
    }
  }

  void ask_and_acknowledge(lane_state& lane) {
    const auto ack = protocol::encode_ack(lane.received);
    both_.assign(ack.bytes().begin(), ack.bytes().end());
    both_.insert(both_.end(), call_.bytes().begin(), call_.bytes().end());
    lane.at.send(both_);
  }

  echo_load_settings settings_;
  int poller_;
  protocol::frame call_;
  std::vector<lane_state> lanes_;
  std::vector<std::byte> both_;
  std::vector<std::byte> room_ = std::vector<std::byte>(65536);
  std::uint64_t round_trips_ = 0;
  std::uint64_t busy_turns_ = 0;
  std::uint64_t idle_turns_ = 0;
};

}  // namespace

int run_echo_load(const echo_load_settings& settings) {
  echo_load load{settings};
  load.run(settings.warmup);
  const auto begin = seconds_now();
  const auto before = load.round_trips();
  const auto server_cpu = cpu_seconds(settings.server);
  load.run(settings.seconds);
  const auto took = seconds_now() - begin;
  const nlohmann::json result{
      {"round_trips_per_second", static_cast<double>(load.round_trips() - before) / took},
      {"load_idle", load.idleness()},
      {"server_cpu", (cpu_seconds(settings.server) - server_cpu) / took}};
  std::printf("%s\n", result.dump().c_str());
  return 0;
}

}  // namespace byssus::bench
