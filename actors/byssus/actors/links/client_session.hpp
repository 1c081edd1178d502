#pragma once

#include "byssus/actors/links/app_inbox.hpp"
#include "byssus/actors/links/frame_reader.hpp"
#include "byssus/actors/links/link_session.hpp"
#include "byssus/actors/links/session.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace byssus {

/// The client's half of a framed link: its delivery state, the rooms it wants to be in, and the
/// requests that wait for an answer.
class client_session final : public link_session,
                             public std::enable_shared_from_this<client_session> {
public:
  /// Messages go from `owner` to `app`. `publisher` numbers this link's publishes, for all its
  /// life. `most_unhandled` bounds what is with the app, whichever connection brought it.
  client_session(reconnect_supervisor_actor::pointer owner, link_observer_actor app,
                 std::uint64_t publisher, std::size_t most_waiting_bytes,
                 const app_inbox::load& most_unhandled);

  connection_actor connect(connection_config config) override;
  void close(errc why) override;
  void orphan() noexcept override;

  std::uint64_t publisher() const noexcept { return publisher_; }

  // -- called by the CONNECTION that is up
  // -----------------------------------------------------------------------

  /// Connection `attempt` is welcome: subscribes again to every room. `through` lives until `end`.
  void begin(std::uint64_t attempt, transport& through, const protocol::welcome& agreed,
             const protocol::window& ours);

  /// The connection is gone. What waited for an answer fails with `outcome_unknown`, but for joins:
  /// they wait on.
  void end() override;

  bool belongs_to(std::uint64_t attempt) const noexcept override {
    return attempt == attempt_ && delivery_.connected();
  }

  /// Takes a counted body in. What the app cannot be handed as well is a `slow_consumer`, which is
  /// our fault and not the node's.
  std::optional<protocol::violation> take(const frame_reader::body& body);

  /// Hands what has come in since the last call to the app, as one batch.
  void flush();

  session& delivery() noexcept { return delivery_; }

  // -- called by the SUPERVISOR
  // ----------------------------------------------------------------------------------

  void publish(const publish_request& request, receipt_promise answer) override;
  void join(const join_request& request, joined_promise answer) override;
  void leave(const leave_request& request) override;
  void ask(const presence_request& request, presence_promise answer) override;
  void on_handled(const messages_handled& done) override;

private:
  /// A room that the link is in, or wants to be in.
  struct membership {
    std::optional<joined> confirmed;  ///< by the present connection
    std::vector<joined_promise> waiting;
  };

  using outcome = std::optional<protocol::violation>;

  outcome on_message(protocol::byte_view body);
  outcome on_subscribed(protocol::byte_view body);
  outcome on_receipt(protocol::byte_view body);
  outcome on_presence(protocol::byte_view body);
  outcome on_gap(protocol::byte_view body);
  outcome on_error(protocol::byte_view body);
  void refuse(protocol::frame_type about);
  outcome account(const frame_reader::body& body);
  void hand_over(const app_inbox::load& done);

  std::uint64_t publisher_;
  std::size_t most_waiting_;
  session delivery_;
  std::uint64_t attempt_ = 0;      ///< the connection that is up, or was last
  protocol::limits limits_;        ///< as the present welcome says
  std::uint64_t last_number_ = 0;  ///< of our publishes
  app_inbox inbox_;                ///< a batch weighs what is acknowledged when it is handled
  std::map<std::string, membership> rooms_;
  std::map<std::uint64_t, receipt_promise> receipts_;
  std::map<std::string, std::vector<presence_promise>> presences_;
};

}  // namespace byssus
