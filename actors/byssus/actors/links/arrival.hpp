#pragma once

#include "byssus/actors/links/place.hpp"
#include "byssus/actors/ports/transport.hpp"

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace byssus {

/// A socket on its way from the door to the connection that is being spawned for it. A few turns
/// pass until that connection attaches itself; what happens at the socket meanwhile is kept here.
/// On one reactor's thread.
class arrival : public transport_listener {
public:
  /// Takes the socket over from whoever listened to it. `already_read` is what the connection has
  /// to see first.
  arrival(std::unique_ptr<transport> brought, std::vector<std::byte> already_read, place taken = {})
      : seat(std::move(taken)), socket(std::move(brought)), read(std::move(already_read)) {
    socket->attach(*this);
  }

  arrival(const arrival&) = delete;
  arrival& operator=(const arrival&) = delete;

  void on_bytes(std::span<const std::byte> bytes) override {
    read.insert(read.end(), bytes.begin(), bytes.end());
  }
  void on_ended() override { ended = true; }
  void on_drained() override {}
  void on_polled() override {}
  void on_closed(errc) override { closed = true; }

  place seat;                         ///< among the node's sockets; the connection takes it over
  std::unique_ptr<transport> socket;  ///< the connection takes it over, too
  std::vector<std::byte> read;        ///< all that came so far, what the door has read included
  bool ended = false;                 ///< the peer has ended its direction, after `read`
  bool closed = false;                ///< the socket is of no more use

protected:
  ~arrival() = default;
};

}  // namespace byssus
