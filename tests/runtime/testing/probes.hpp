#pragma once

#include "byssus/runtime/testing/simulation.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// Listeners that note what they are told, and a world with one connection in it.

namespace byssus::testing {

using namespace std::chrono_literals;

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span{text});
}

/// Holds a transport and notes what it says. `on_event` may do anything, also drop `socket`.
struct socket_probe final : transport_listener {
  void take(std::unique_ptr<transport> fresh) {
    socket = std::move(fresh);
    socket->attach(*this);
  }

  void on_bytes(std::span<const std::byte> bytes) override {
    received.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    ++reads;
    tell("bytes");
  }
  void on_ended() override { tell("ended"); }
  void on_drained() override { tell("drained"); }
  void on_polled() override { tell("polled " + received); }
  void on_closed(errc reason) override { tell("closed " + std::string{name(reason)}); }

  void tell(const std::string& what) {
    if (inside_call)
      events.push_back("CALLED BACK FROM INSIDE A CALL");
    if (what != "bytes")
      events.push_back(what);
    if (on_event)
      on_event(what);
  }

  bool send(std::string_view text, lane which = lane::bulk) {
    inside_call = true;
    const bool taken = socket->send(bytes_of(text), which);
    inside_call = false;
    return taken;
  }

  std::unique_ptr<transport> socket;
  std::string received;
  std::size_t reads = 0;
  std::vector<std::string> events;
  std::function<void(const std::string&)> on_event;
  bool inside_call = false;
};

/// Dials, and notes how that went.
struct dial_probe final : dial_listener {
  void start(simulated_reactor& home, const endpoint& target, const dial_deadlines& within = {}) {
    attempt = home.dialer().start(target, within, *this);
  }

  void on_dialed(std::unique_ptr<transport> fresh) override {
    socket = std::move(fresh);
    events.push_back("dialed");
    attempt.reset();
  }
  void on_dial_failed(errc reason, std::string_view detail) override {
    events.push_back(std::string{name(reason)} + ' ' + std::string{detail});
    attempt.reset();
  }

  std::unique_ptr<dial> attempt;
  std::unique_ptr<transport> socket;
  std::vector<std::string> events;
};

/// Listens, and keeps who came.
struct accept_probe final : accept_listener {
  bool start(simulated_reactor& home, const endpoint& where) {
    auto made = home.listen(where, *this);
    door = std::move(made.socket);
    reason = made.reason;
    detail = made.detail;
    return door != nullptr;
  }

  void on_accepted(std::unique_ptr<detached_socket> stranger) override {
    strangers.push_back(std::move(stranger));
  }
  void on_accept_failed(errc) override {}

  std::unique_ptr<acceptor> door;
  std::vector<std::unique_ptr<detached_socket>> strangers;
  errc reason = errc::none;
  std::string detail;
};

/// A world with hosts `client` and `node`, and one connection between them, attached at both ends.
struct connected_world {
  explicit connected_world(const simulation_config& config = {}) : sim(config) {
    accepting.start(node(), {"node", 7400});
    dialing.start(client(), {"node", 7400});
    sim.advance(10ms);
    ours.take(std::move(dialing.socket));
    theirs.take(node().adopt(std::move(accepting.strangers.at(0))));
    sim.settle();
  }

  simulated_reactor& client() { return sim.host("client").reactor(); }
  simulated_reactor& node() { return sim.host("node").reactor(); }

  simulation sim;
  accept_probe accepting;
  dial_probe dialing;
  socket_probe ours;
  socket_probe theirs;
};

using events = std::vector<std::string>;

}  // namespace byssus::testing
