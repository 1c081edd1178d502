#pragma once

#include "byssus/actors/links/app_inbox.hpp"
#include "byssus/actors/links/link_session.hpp"
#include "byssus/actors/ports/transport.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace byssus {

/// The session of a plain link: there are no rooms, no numbers and no receipts, so all that it
/// keeps is what the app has not handled yet. Passive, on the link's reactor.
class plain_session final : public link_session,
                            public std::enable_shared_from_this<plain_session> {
public:
  /// How much may wait.
  struct bounds {
    std::size_t to_server = 0;  ///< bytes that the socket has not taken
    app_inbox::load to_app;     ///< what the app has not handled, whichever connection brought it
  };

  plain_session(reconnect_supervisor_actor::pointer owner, link_observer_actor app,
                const bounds& most) noexcept;

  connection_actor connect(connection_config config) override;
  void end() override;
  bool belongs_to(std::uint64_t attempt) const noexcept override {
    return attempt == attempt_ && through_ != nullptr;
  }

  // -- called by the CONNECTION that is up
  // -----------------------------------------------------------------------

  /// Connection `attempt` is there. `through` lives until `end`.
  void begin(std::uint64_t attempt, transport& through);

  /// The server has said `text`; `flush` follows. False, with nothing kept, if the app would have
  /// more to handle than the bound: a plain server cannot be asked to wait. One text there always
  /// is room for, while nothing is unhandled.
  [[nodiscard]] bool hear(std::string_view text);

  /// Hands what was heard since the last call to the app, as one batch; before the app was told
  /// that the link is up, it waits.
  void flush();

  // -- called by the SUPERVISOR
  // ----------------------------------------------------------------------------------

  void on_announced() override;

  /// Answered at once: nobody confirms plain text. It goes out in one piece, and a ping may have to
  /// wait behind it, so it is no longer than a frame.
  void say(const say_request& request, text_promise answer) override;

  void on_handled(const messages_handled& done) override;

private:
  std::size_t most_to_server_;
  transport* through_ = nullptr;
  std::uint64_t attempt_ = 0;  ///< the connection that is up, or was last
  bool announced_ = false;     ///< the app knows that it is up
  app_inbox inbox_;
};

}  // namespace byssus
