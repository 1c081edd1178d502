#include "byssus/protocol/payload.hpp"
#include "byssus/tests/clock.hpp"

#include <nlohmann/json.hpp>

#include "child.hpp"
#include "commands.hpp"
#include "pings.hpp"
#include "system_calls.hpp"
#include <array>
#include <cstdio>
#include <stdexcept>
#include <sys/epoll.h>
#include <unistd.h>
#include <vector>

/// \file
/// The load of `echo`, in a process of its own: on each connection one request is outstanding, and
/// now and then a ping. The same code and the same bytes for both servers.

namespace byssus::bench {

namespace {

using protocol::frame_type;

/// Frames after which the protocol wants an acknowledgement.
constexpr std::uint64_t frames_per_ack = 64;

/// Seconds. A turn that finds nothing takes a microsecond; in a longer one, the core was with
/// somebody else, and a load that does not run is not idle.
constexpr double longest_idle_turn = 50e-6;

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

  /// Moves bytes for so long, and forgets for how long it was idle before.
  void run(double seconds) {
    idle_ = 0;
    last_ = tests::seconds_now();
    pings_.begin(last_);
    for (const auto end = last_ + seconds; last_ < end;) {
      turn();
      pings_.catch_up(last_, lanes_.size(), [this](std::size_t number) { ping(lanes_[number]); });
    }
  }

  std::uint64_t round_trips() const noexcept { return round_trips_; }

  /// Seconds of the last `run` in which there was nothing to do.
  double idle() const noexcept { return idle_; }

private:
  struct lane_state {
    peer at;
    std::uint64_t received = 0;
  };

  void open(std::size_t number) {
    lanes_.push_back({peer{settings_.port, settings_.speaks, number}});
    watch(poller_, lanes_.back().at.socket(), number);
    if (settings_.speaks == tongue::raw)
      lanes_.back().at.send(call_.bytes());
  }

  void turn() {
    std::array<epoll_event, 128> events;
    // Without sleeping, so that no server pays for waking its load.
    const int count = epoll_wait(poller_, events.data(), events.size(), 0);
    for (int i = 0; i < count; ++i)
      serve(lanes_[events[static_cast<std::size_t>(i)].data.u64]);
    const auto now = tests::seconds_now();
    if (count == 0 && now - last_ < longest_idle_turn)
      idle_ += now - last_;
    last_ = now;
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
      case frame_type::pong:
      case frame_type::ping:  // from the bare loop
        return;
      default:
        throw std::runtime_error{"the server says " + std::string{protocol::name(frame.type)}};
    }
  }

  /// The bare loop gets the same bytes.
  void ping(lane_state& lane) {
    const bool welcome = lane.received > 0;
    if (welcome)
      lane.at.send(protocol::encode_ping({++nonce_, lane.received}).bytes());
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
  std::uint64_t nonce_ = 0;
  even_pings pings_;
  double last_ = 0;  ///< when the last turn ended
  double idle_ = 0;
};

}  // namespace

int run_echo_load(const echo_load_settings& settings) {
  echo_load load{settings};
  load.run(settings.warmup);
  const auto begin = tests::seconds_now();
  const auto before = load.round_trips();
  const auto server_cpu = cpu_seconds(settings.server);
  load.run(settings.seconds);
  const auto took = tests::seconds_now() - begin;
  const nlohmann::json result{
      {"round_trips_per_second", static_cast<double>(load.round_trips() - before) / took},
      {"load_idle", load.idle() / took},
      {"server_cpu", (cpu_seconds(settings.server) - server_cpu) / took}};
  std::printf("%s\n", result.dump().c_str());
  return 0;
}

}  // namespace byssus::bench
