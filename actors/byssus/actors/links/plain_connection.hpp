#pragma once

#include "byssus/actors/links/arrival.hpp"
#include "byssus/actors/links/interfaces.hpp"
#include "byssus/actors/links/node_part.hpp"
#include "byssus/actors/links/token_bucket.hpp"
#include "byssus/actors/ports/inlets.hpp"
#include "byssus/actors/rooms/room_subscriber.hpp"
#include "byssus/protocol/plain.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace byssus {

/// What the door hands over when a stranger speaks plain text, or nothing at all.
struct plain_admission final : arrival {
  using arrival::arrival;

  place listening;  ///< taken if he has not said a word
};

/// `closed: 4512 ping_flood, why`, and a line end: plain mode has no close frame.
protocol::frame plain_farewell(protocol::close_code code, std::string_view reason);

/// The PLAIN CONNECTION's state: open → closing. In the lobby from the first moment on, as somebody
/// who says lines and hears the others'.
class plain_connection_state
    : public room_subscriber {  // not final: CAF derives from states to look for `name`
public:
  /// What CAF calls the actor.
  static constexpr const char* name = "plain_connection";

  /// INTERNAL: made by CAF.
  explicit plain_connection_state(accepted_connection_actor::pointer self);
  virtual ~plain_connection_state();
  plain_connection_state(const plain_connection_state&) = delete;
  plain_connection_state& operator=(const plain_connection_state&) = delete;

  /// As the factory: takes the socket over, names the client, and enters the lobby.
  void open(std::shared_ptr<node_part> node, plain_admission& stranger);

  /// Something came from the socket; or it is gone, and the actor ends.
  void on_transport(const transport_signal& signal);
  /// What may be half a ping has waited long enough; or closing took too long, and the actor ends.
  void on_timer(const timer_signal& signal);
  /// Leaves the lobby, says why in a last line unless `reason` is empty, and ends when the socket
  /// has, after `node_rules::closing_deadline` at the latest. Once; later calls do nothing.
  void close(protocol::close_code code, std::string_view reason);

  std::string_view member_name() const noexcept override { return name_; }
  void on_subscribed(const protocol::subscribed&) override {}
  void on_room_message(const room_delivery& delivery, bool own) override;
  void on_receipt(const protocol::receipt&) override {}
  void on_presence(const protocol::presence&) override {}

private:
  enum class stage : std::uint8_t { open, closing };

  void on_bytes(protocol::byte_view bytes);
  void on_ended();
  void on_event(const protocol::plain_event& event);
  void answer(std::string_view pongs);
  void settle(const std::optional<protocol::violation>& broken);
  void turn_back(protocol::byte_view bytes);
  void leave_rooms() noexcept;

  accepted_connection_actor::pointer self_;
  std::shared_ptr<node_part> node_;
  place seat_;
  place listening_;  ///< until he says something
  transport_inlet socket_inlet_;
  timer_inlet timer_inlet_;
  std::unique_ptr<transport> socket_;
  protocol::plain_reader reader_;
  reap_entry silence_;  ///< entered when he first pings; until then his silence means nothing
  timer patience_;      ///< for what may be half a ping
  timer deadline_;      ///< of closing
  token_bucket pings_;
  std::string name_;
  subscriber_id id_ = 0;
  std::optional<protocol::violation> broken_;
  stage stage_ = stage::open;
  bool has_spoken_ = false;  ///< he has sent something; before, he is a listener
  bool was_told_ =
      false;  ///< something was written to him; before, he may still turn out to speak frames
};

/// A plain connection on a node: what `nc` and the simplest clients speak.
accepted_connection_actor::behavior_type plain_connection(
    accepted_connection_actor::stateful_pointer<plain_connection_state> self,
    std::shared_ptr<node_part> node, std::shared_ptr<plain_admission> stranger);

}  // namespace byssus
