#include "byssus/runtime/asio/tcp_dialer.hpp"

#include "byssus/runtime/asio/asio_reactor.hpp"
#include "byssus/runtime/asio/resolver_pool.hpp"
#include "byssus/runtime/asio/tcp_race.hpp"
#include "byssus/runtime/asio/tcp_transport.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace byssus::detail {

namespace {

/// One attempt: resolving, then a race to the addresses.
class tcp_dial final : public dial, timer_listener, race_listener {
public:
  tcp_dial(asio_reactor& home, const endpoint& target, const dial_deadlines& within,
           dial_listener& listener)
      : home_(&home),
        target_(target),
        within_(within),
        listener_(&listener),
        deadline_(home.timers(), *this) {}

  /// Nothing calls back before the present turn has ended, not even a failure that is known at
  /// once.
  void begin(resolver_pool& resolver) {
    error_code not_numeric;
    const auto address = asio::ip::make_address(target_.host, not_numeric);
    if (!not_numeric)
      return later([this, address] { connect({tcp::endpoint{address, target_.port}}); });
    deadline_.start(within_.resolve);
    question_.emplace(resolver.ask(target_.host, target_.port,
                                   [this, home = home_, held = alive()](resolution answer) {
                                     // On a resolver's thread: `this` is looked at on the reactor's
                                     // only, and only if it is still there.
                                     home->post([this, held, answer = std::move(answer)]() mutable {
                                       if (!held.expired())
                                         on_resolved(answer);
                                     });
                                   }));
  }

private:
  std::weak_ptr<int> alive() const { return alive_; }

  template <class Task>
  void later(Task task) {
    home_->post([held = alive(), task] {
      if (!held.expired())
        task();
    });
  }

  void on_timer(timer&) override {
    if (race_)
      fail(errc::connect_timeout, race_->account());
    else
      fail(errc::resolve_timeout, target_.host + ": no answer from the resolver in time");
  }

  void on_resolved(const resolution& answer) {
    if (answer.addresses.empty())
      return fail(errc::resolve_failed, target_.host + ": " + answer.detail);
    connect(answer.addresses);
  }

  void connect(const std::vector<tcp::endpoint>& addresses) {
    deadline_.start(within_.connect);
    race_.emplace(*home_, addresses, static_cast<race_listener&>(*this)).begin();
  }

  void on_won(tcp_socket winner, const tcp::endpoint& address) override {
    deadline_.stop();
    configure(winner.native_handle(), home_->transports());
    listener_->on_dialed(make_tcp_transport(*home_, std::move(winner), address));
  }

  void on_lost(errc reason, const std::string& detail) override { fail(reason, detail); }

  /// The last thing done: the listener may destroy this.
  void fail(errc reason, const std::string& detail) {
    deadline_.stop();
    question_.reset();
    race_.reset();
    alive_.reset();
    listener_->on_dial_failed(reason, detail);
  }

  asio_reactor* home_;
  endpoint target_;
  dial_deadlines within_;
  dial_listener* listener_;
  std::optional<resolver_pool::question> question_;
  std::optional<tcp_race> race_;  // since the addresses are known
  timer deadline_;
  // Expires with this object, or when it has told its end: whatever is still under way then finds
  // nobody.
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace

tcp_dialer::tcp_dialer(asio_reactor& home, std::shared_ptr<resolver_pool> resolver)
    : home_(&home), resolver_(std::move(resolver)) {}

std::unique_ptr<dial> tcp_dialer::start(const endpoint& target, const dial_deadlines& within,
                                        dial_listener& listener) {
  auto made = std::make_unique<tcp_dial>(*home_, target, within, listener);
  made->begin(*resolver_);
  return made;
}

}  // namespace byssus::detail
