#include "byssus/runtime/asio/tcp_dialer.hpp"

#include "byssus/runtime/asio/asio_reactor.hpp"
#include "byssus/runtime/asio/resolver_pool.hpp"
#include "byssus/runtime/asio/tcp_transport.hpp"

#include <string>
#include <utility>
#include <vector>

namespace byssus::detail {

namespace {

/// One attempt: resolving, then connecting to one address after the other.
class tcp_dial final : public dial, timer_listener {
public:
  tcp_dial(asio_reactor& home, const endpoint& target, const dial_deadlines& within,
           dial_listener& listener)
      : home_(&home),
        target_(target),
        within_(within),
        listener_(&listener),
        socket_(home.loop()),
        deadline_(home.timers(), *this) {}

  /// Nothing calls back before the present turn has ended, not even a failure that is known at
  /// once.
  void begin(resolver_pool& resolver) {
    error_code not_numeric;
    const auto address = asio::ip::make_address(target_.host, not_numeric);
    if (!not_numeric) {
      addresses_ = {tcp::endpoint{address, target_.port}};
      later([this] { connect(); });
      return;
    }
    deadline_.start(within_.resolve);
    question_.emplace(resolver.ask(target_.host, target_.port,
                                   [this, home = home_, held = alive()](resolution answer) {
                                     // On a resolver's thread: `this` is looked at on the reactor's
                                     // only, and only if it is still there.
                                     home->post([this, held, answer = std::move(answer)]() mutable {
                                       if (!held.expired())
                                         on_resolved(std::move(answer));
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
    if (addresses_.empty())
      return fail(errc::resolve_timeout, target_.host + ": no answer from the resolver in time");
    fail(errc::connect_timeout, "no answer from " + to_text(addresses_[tried_]) + " in time");
  }

  void on_resolved(resolution answer) {
    if (answer.addresses.empty())
      return fail(errc::resolve_failed, target_.host + ": " + answer.detail);
    addresses_ = std::move(answer.addresses);
    connect();
  }

  void connect() {
    deadline_.start(within_.connect);
    connecting_.emplace(*home_);
    connect_next();
  }

  void connect_next() {
    const auto& address = addresses_[tried_];
    error_code failure;
    socket_.open(address.protocol(), failure);
    if (failure)
      return on_connect_failed(failure);
    socket_.async_connect(address, [this, held = alive()](const error_code& result) {
      if (!held.expired())
        on_connected(result);
    });
  }

  void on_connected(const error_code& result) {
    if (result)
      return on_connect_failed(result);
    error_code gone;
    if (socket_.local_endpoint(gone) == socket_.remote_endpoint(gone))
      // TCP lets a socket meet itself when its own ephemeral port is the one it dials.
      return on_connect_failed(asio::error::connection_refused);
    deadline_.stop();
    connecting_.reset();
    configure(socket_.native_handle(), home_->transports());
    const auto peer = addresses_[tried_];
    listener_->on_dialed(make_tcp_transport(*home_, std::move(socket_), peer));
  }

  void on_connect_failed(const error_code& failure) {
    error_code ignored;
    socket_.close(ignored);
    if (tried_ + 1 < addresses_.size()) {
      ++tried_;
      return connect_next();
    }
    fail(connect_reason(failure), to_text(addresses_[tried_]) + ": " + failure.message());
  }

  /// The last thing done: the listener may destroy this.
  void fail(errc reason, const std::string& detail) {
    deadline_.stop();
    question_.reset();
    error_code ignored;
    socket_.close(ignored);
    connecting_.reset();
    alive_.reset();
    listener_->on_dial_failed(reason, detail);
  }

  asio_reactor* home_;
  endpoint target_;
  dial_deadlines within_;
  dial_listener* listener_;
  tcp_socket socket_;
  std::optional<asio_reactor::loop_use> connecting_;
  std::vector<tcp::endpoint> addresses_;
  std::size_t tried_ = 0;
  std::optional<resolver_pool::question> question_;
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
