#pragma once

#include "byssus/actors/ports/reactor.hpp"
#include "byssus/actors/ports/transport.hpp"
#include "byssus/runtime/testing/detail/network_core.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace byssus::testing {
class simulated_reactor;
}

namespace byssus::testing::detail {

/// The transport around one simulated socket.
///
/// ```
/// send ─► lanes ──(end of turn, or room)──► socket          kernel: on_readiness ─► wake
///                                                                                     │
/// listener ◄── one of bytes, ended, drained, polled, closed ◄── run (a turn) ◄────────┘
/// ```
class simulated_transport final : public transport,
                                  private turn_listener,
                                  private work,
                                  private socket_watcher {
public:
  simulated_transport(simulated_reactor& home, owned_socket socket);
  ~simulated_transport() override;

  void attach(transport_listener& listener) override;
  bool send(std::span<const std::byte> frames, lane which) override;
  std::size_t unsent_bytes() const noexcept override { return unsent_; }
  void poll() override;
  void close() override;
  std::unique_ptr<detached_socket> release() override;
  std::string peer() const override { return peer_; }

private:
  using frame = std::vector<std::byte>;

  void on_turn_end() override;
  void run() override;
  void on_readiness() override { wake(); }

  void wake();
  bool deliver_bytes();
  bool deliver_end();
  bool deliver_drained();
  bool deliver_polled();
  bool deliver_closed();
  void flush();
  bool write_front();
  void flush_at_turn_end();
  std::deque<frame>& next_lane() noexcept;
  void end_life();

  simulated_reactor* home_;
  owned_socket socket_;
  std::string peer_;
  transport_listener* listener_ = nullptr;
  std::deque<frame> bulk_;
  std::deque<frame> urgent_;
  /// Of the frame at the front of the lane that is being written, so that it ends before another
  /// begins.
  std::size_t front_written_ = 0;
  bool front_is_urgent_ = false;
  std::size_t unsent_ = 0;
  bool above_low_water_ = false;
  bool deferred_ = false;
  bool closing_ = false;
  /// All was written, our end is sent, the peer's is awaited.
  bool lingering_ = false;
  bool ended_told_ = false;
  std::uint64_t delivered_ = 0;
  /// When this much has been delivered, `poll` is answered.
  std::optional<std::uint64_t> polled_;
};

}  // namespace byssus::testing::detail
