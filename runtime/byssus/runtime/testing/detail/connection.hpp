#pragma once

#include "byssus/actors/errc.hpp"
#include "byssus/actors/links/endpoint.hpp"
#include "byssus/actors/ports/timer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

namespace byssus::testing::detail {

struct machine;
class network_core;

/// Is told by the kernel that a socket may have become readable, writable or broken. Only notes it.
class socket_watcher {
public:
  virtual void on_readiness() = 0;

protected:
  ~socket_watcher() = default;
};

/// Which end of a connection.
enum class side : std::uint8_t { dialing, accepting };

constexpr side other(side end) noexcept {
  return end == side::dialing ? side::accepting : side::dialing;
}

/// One end: the machine that it is on, and its address.
struct end_point_of {
  machine* at;
  endpoint address;
};

/// One direction. Its bytes stand in one queue, in three groups: arrived and not read, flying,
/// waiting to fly.
struct pipe {
  struct segment {
    instant arrives;
    std::size_t size;
  };

  std::vector<std::byte> bytes;
  std::size_t read = 0;
  std::size_t arrived = 0;
  std::size_t flying = 0;
  std::size_t waiting = 0;
  std::size_t send_buffer = 0;
  std::size_t receive_buffer = 0;
  /// Those that fly, in order; the last one is the FIN if `fin_sent`, and has no bytes.
  std::deque<segment> segments;
  instant last_arrival{};
  /// When the line has taken all that flies; matters where bandwidth is limited.
  instant line_free{};
  bool arrival_planned = false;
  /// When bytes last made way; a look at it is planned while any are under way.
  instant last_progress{};
  bool timeout_planned = false;
  bool fin_wanted = false;
  bool fin_sent = false;
  bool fin_arrived = false;
  /// Nothing arrives any more, for ever.
  bool silent = false;
  /// Somebody between the two ended this direction; what is still written meets a reset.
  bool forged_end = false;

  std::size_t unacknowledged() const noexcept { return flying + waiting; }
  void clear() noexcept;
  void drop_unarrived() noexcept;
};

/// A simulated TCP connection, both ends and the wire between. The simulated kernels live here;
/// processes hold an end by `owned_socket`.
class connection final : public std::enable_shared_from_this<connection> {
public:
  connection(network_core& network, std::uint64_t number, end_point_of dialing,
             end_point_of accepting);

  // For the process at `end`. An end that was closed, or whose process was killed, takes and gives
  // nothing.

  /// Takes a beginning of `bytes`, as much as the send buffer has room for and the seed lets it;
  /// returns its length.
  std::size_t write(side end, std::span<const std::byte> bytes);
  /// What has arrived and was not consumed; valid until the next call to this connection.
  std::span<const std::byte> readable(side end) const noexcept;
  void consume(side end, std::size_t size);
  /// The peer's FIN has arrived, and all before it was read.
  bool at_end(side end) const noexcept;
  /// Why the socket is of no use any more, or `none`.
  errc broken(side end) const noexcept { return broken_[index(end)]; }
  std::size_t room(side end) const noexcept;
  /// Ends this direction when all that was written has gone.
  void shut_write(side end);
  void close(side end);
  void watch(side end, socket_watcher* watcher) noexcept { watchers_[index(end)] = watcher; }
  const endpoint& address(side end) const noexcept { return ends_[index(end)].address; }
  machine& at(side end) const noexcept { return *ends_[index(end)].at; }

  // For the network and its faults.

  std::uint64_t number() const noexcept { return number_; }
  bool open(side end) const noexcept { return !closed_[index(end)]; }
  bool silent(side from) const noexcept { return pipes_[index(from)].silent; }
  /// Both ends find it reset.
  void break_both();
  /// Closes `end` and sends its peer a reset.
  void abort(side end);
  /// As if the machine of `end` had lost power.
  void vanish(side end);
  void silence(side from);
  /// The peer of `from` sees an end.
  void forge_end(side from);
  /// No process will ever look at `end`; it closes with its peer.
  void leave_unattended(side end) noexcept { unattended_[index(end)] = true; }
  /// Something that blocked segments may be over: TCP sends them again.
  void send_again();

private:
  static constexpr std::size_t index(side end) noexcept { return static_cast<std::size_t>(end); }
  pipe& out(side end) noexcept { return pipes_[index(end)]; }
  pipe& in(side end) noexcept { return pipes_[index(other(end))]; }
  const pipe& in(side end) const noexcept { return pipes_[index(other(end))]; }
  bool blocked(side from) const;
  void transmit(side from);
  void fly(side from, std::size_t size);
  void plan_arrival(side from);
  void arrive(side from);
  void take_segment(side from, std::size_t size);
  void send_reset(side from);
  /// From now on the kernel of `end` asks in vain whether the other end is there.
  void probe(side end);
  void watch_progress(side from);
  void check_progress(side from);
  void fail(side end);
  void notify(side end);

  network_core* network_;
  std::uint64_t number_;
  std::array<end_point_of, 2> ends_;
  std::array<pipe, 2> pipes_;
  std::array<socket_watcher*, 2> watchers_{};
  std::array<bool, 2> closed_{};
  std::array<bool, 2> unattended_{};
  std::array<errc, 2> broken_{};
};

/// One end of a connection, held by a process. Closes it when destroyed.
class owned_socket {
public:
  owned_socket() = default;
  owned_socket(std::shared_ptr<connection> wire, side end) noexcept
      : wire_(std::move(wire)), end_(end) {}
  owned_socket(owned_socket&&) noexcept = default;
  owned_socket& operator=(owned_socket&& other) noexcept;
  ~owned_socket() { close(); }

  explicit operator bool() const noexcept { return wire_ != nullptr; }
  connection* operator->() const noexcept { return wire_.get(); }
  side end() const noexcept { return end_; }
  machine& at() const noexcept { return wire_->at(end_); }
  void close() noexcept;
  /// Gives it up without closing.
  void abandon() noexcept { wire_.reset(); }

private:
  std::shared_ptr<connection> wire_;
  side end_ = side::dialing;
};

}  // namespace byssus::testing::detail
