#pragma once

#include "byssus/actors/links/frame_reader.hpp"
#include "byssus/actors/links/interfaces.hpp"
#include "byssus/actors/links/node_part.hpp"
#include "byssus/actors/links/session.hpp"
#include "byssus/actors/rooms/room_subscriber.hpp"

#include <string>
#include <string_view>

namespace byssus {

/// The node's half of a link: its delivery state and its place among the rooms. Rooms deliver here
/// by plain calls, and from here to the socket; the actor that owns it is told by message only when
/// the client cannot keep up. Passive, on its reactor's thread.
class node_session final : public room_subscriber {
public:
  /// `owner` is told once by a `close_request` when too much waits for the client.
  explicit node_session(accepted_connection_actor::pointer owner);
  ~node_session();
  node_session(const node_session&) = delete;
  node_session& operator=(const node_session&) = delete;

  /// Welcome is said: the client, called `name`, may use the rooms and services of `node`, which
  /// outlives the session. `socket` and its windows are for `session::begin`.
  void begin(node_part& node, transport& socket, const protocol::window& ours,
             const protocol::window& theirs, std::string name);

  /// The client is gone; it leaves its rooms.
  void end() noexcept;

  /// Does what a counted frame asks for.
  std::optional<protocol::violation> take(const frame_reader::body& request);

  session& delivery() noexcept { return delivery_; }

  std::string_view member_name() const noexcept override { return name_; }
  void on_subscribed(const protocol::subscribed& confirmed) override;
  void on_room_message(const room_delivery& delivery, bool own) override;
  void on_receipt(const protocol::receipt& placed) override;
  void on_presence(const protocol::presence& there) override;

private:
  class call_answer;
  using outcome = std::optional<protocol::violation>;

  outcome subscribe(protocol::byte_view body);
  outcome unsubscribe(protocol::byte_view body);
  outcome publish(protocol::byte_view body);
  outcome presence(protocol::byte_view body);
  outcome call(protocol::byte_view body);
  outcome refuse(std::string_view about, std::string_view room, std::string_view code,
                 std::string_view reason);
  void note_failure(const std::string& service, std::string_view why);
  bool send_now(protocol::byte_view counted);
  void send(const protocol::frame& counted);

  accepted_connection_actor::pointer owner_;
  session delivery_;
  node_part* node_ = nullptr;  ///< while the client is here
  subscriber_id id_ = 0;
  bool overrun_ = false;  ///< a frame was refused; nothing goes out after it
  std::string name_;
};

}  // namespace byssus
