#include "byssus/runtime/testing/detail/simulated_dialer.hpp"

#include "byssus/runtime/testing/detail/simulated_acceptor.hpp"
#include "byssus/runtime/testing/detail/simulated_transport.hpp"
#include "byssus/runtime/testing/simulated_reactor.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace byssus::testing::detail {

namespace {

class simulated_dial;

/// A kernel sends its SYN again after one second, then after twice as long each time.
constexpr duration first_retry = std::chrono::seconds{1};

/// What the kernel and the resolver know of one dial; outlives it while events are on their way.
struct attempt : std::enable_shared_from_this<attempt> {
  attempt(network_core& over, machine& source, simulated_dial& user)
      : network(&over), from(&source), owner(&user) {}

  void resolve(std::string_view host);
  void send_syn();
  void syn_arrives();
  void let_in(simulated_acceptor& door);
  void syn_ack_arrives(const std::shared_ptr<owned_socket>& ours);
  void answer(errc reason);
  void try_later();
  template <class Event>
  void after(duration delay, Event event);

  network_core* network;
  machine* from;
  machine* to = nullptr;
  std::uint16_t port = 0;
  duration retry = first_retry;
  simulated_dial* owner;
};

class simulated_dial final : public dial, private work, private timer_listener {
public:
  simulated_dial(simulated_reactor& home, machine& from, endpoint target,
                 const dial_deadlines& within, dial_listener& listener)
      : home_(&home),
        target_(std::move(target)),
        connect_within_(within.connect),
        listener_(&listener),
        deadline_(home.timers(), *this),
        attempt_(std::make_shared<attempt>(*home.world().network, from, *this)) {
    attempt_->port = target_.port;
    deadline_.start(within.resolve);
    attempt_->resolve(target_.host);
  }

  ~simulated_dial() override {
    attempt_->owner = nullptr;
    home_->remove(*this);
  }

  void resolved() { wake(phase::resolved); }

  void connected(owned_socket socket) {
    socket_ = std::move(socket);
    wake(phase::connected);
  }

  void failed(errc reason) {
    reason_ = reason;
    wake(phase::failed);
  }

private:
  enum class phase : std::uint8_t { resolving, resolved, connecting, connected, failed, over };

  void wake(phase next) {
    phase_ = next;
    home_->enqueue(*this);
  }

  void run() override {
    switch (phase_) {
      case phase::resolved:
        phase_ = phase::connecting;
        deadline_.start(connect_within_);
        attempt_->send_syn();
        break;
      case phase::connected:
        phase_ = phase::over;
        deadline_.stop();
        home_->world().record(home_->name(), "dialed", socket_->number());
        listener_->on_dialed(std::make_unique<simulated_transport>(*home_, std::move(socket_)));
        break;
      case phase::failed:
        fail(reason_);
        break;
      case phase::resolving:
      case phase::connecting:
      case phase::over:
        break;
    }
  }

  void on_timer(timer&) override {
    const bool knows_address = phase_ == phase::connecting || phase_ == phase::connected;
    fail(knows_address ? errc::connect_timeout : errc::resolve_timeout);
  }

  void fail(errc reason) {
    phase_ = phase::over;
    deadline_.stop();
    attempt_->owner = nullptr;
    socket_.close();
    home_->world().record(home_->name(), name(reason));
    const auto detail = to_string(target_);
    listener_->on_dial_failed(reason, detail);
  }

  simulated_reactor* home_;
  endpoint target_;
  duration connect_within_;
  dial_listener* listener_;
  timer deadline_;
  std::shared_ptr<attempt> attempt_;
  phase phase_ = phase::resolving;
  errc reason_ = errc::none;
  owned_socket socket_;
};

template <class Event>
void attempt::after(duration delay, Event event) {
  network->in().after(delay, [self = shared_from_this(), event = std::move(event)]() mutable {
    if (self->owner)
      event(*self);
  });
}

void attempt::resolve(std::string_view host) {
  to = network->meant(*from, host);
  const auto answer = to ? to->resolves : name_answer{};
  if (answer.what == name_answer::outcome::hang)
    return;
  const bool found = to && answer.what == name_answer::outcome::address;
  after(answer.delay, [found](attempt& self) {
    if (found)
      self.owner->resolved();
    else
      self.owner->failed(errc::resolve_failed);
  });
}

void attempt::send_syn() {
  after(network->travel(*from, *to), [](attempt& self) { self.syn_arrives(); });
}

void attempt::try_later() {
  after(retry, [](attempt& self) { self.send_syn(); });
  retry *= 2;
}

void attempt::syn_arrives() {
  const auto door = to->ports.find(port);
  if (to->on_attempt == machine::attempts::unreachable)
    answer(errc::network_unreachable);
  else if (network->blocked(*from, *to))
    try_later();
  else if (to->on_attempt == machine::attempts::refused || door == to->ports.end())
    answer(errc::connect_refused);
  else if (!door->second->has_room())
    try_later();
  else
    let_in(*door->second);
}

void attempt::let_in(simulated_acceptor& door) {
  ++to->attempts_seen;
  const auto wire = network->join(*from, *to, port);
  if (to->on_attempt == machine::attempts::muted)
    wire->leave_unattended(side::accepting);
  else
    door.arrived(owned_socket{wire, side::accepting});
  // If the dial is given up meanwhile, the last owner of this end closes it.
  auto ours = std::make_shared<owned_socket>(wire, side::dialing);
  after(network->travel(*to, *from), [ours](attempt& self) { self.syn_ack_arrives(ours); });
}

void attempt::syn_ack_arrives(const std::shared_ptr<owned_socket>& ours) {
  if (network->blocked(*to, *from))
    after(retry, [ours](attempt& self) { self.syn_ack_arrives(ours); });
  else
    owner->connected(std::move(*ours));
}

void attempt::answer(errc reason) {
  after(network->travel(*to, *from), [reason](attempt& self) { self.owner->failed(reason); });
}

}  // namespace

std::unique_ptr<dial> simulated_dialer::start(const endpoint& target, const dial_deadlines& within,
                                              dial_listener& listener) {
  return std::make_unique<simulated_dial>(*home_, *host_, target, within, listener);
}

}  // namespace byssus::testing::detail
