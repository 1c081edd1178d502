#include "byssus/runtime/asio/asio_reactor.hpp"

#include "byssus/runtime/asio/resolver_pool.hpp"
#include "byssus/runtime/asio/tcp_acceptor.hpp"
#include "byssus/runtime/asio/tcp_transport.hpp"

#include <caf/exit_reason.hpp>
#include <caf/scheduled_actor.hpp>

#include <algorithm>
#include <utility>

namespace byssus::detail {

namespace {

constexpr std::size_t read_buffer_bytes = 64 * 1024;

}  // namespace

asio_reactor::asio_reactor(caf::actor_system& system, byssus::journal& lines,
                           std::shared_ptr<resolver_pool> resolver,
                           const transport_config& transports)
    : reactor(system),
      journal_(&lines),
      transports_(transports),
      read_buffer_(read_buffer_bytes),
      // Sockets are touched by one thread only, so Asio need not lock them; `post` from others
      // still is safe.
      loop_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO),
      keeps_running_(loop_.get_executor()),
      sockets_ready_(loop_, sockets_.descriptor()),
      dialer_(*this, std::move(resolver)) {}

asio_reactor::~asio_reactor() {
  while (!inbox_.close())
    inbox_.take(jobs_.tail(), tasks_.tail());
  while (!jobs_.empty())
    bury(jobs_.pop());
  // What these hold on to has its place in `loop_`, which must not go first.
  while (!tasks_.empty())
    tasks_.pop();
  streams_.clear();
  sockets_ready_.release();  // the descriptor belongs to the set
}

listening asio_reactor::listen(const endpoint& where, accept_listener& listener) {
  return listen_tcp(*this, where, listener);
}

std::unique_ptr<transport> asio_reactor::adopt(std::unique_ptr<detached_socket> socket) {
  auto& stranger = static_cast<detached_tcp_socket&>(*socket);
  const auto peer = stranger.peer();
  const int adopted = stranger.take();
  if (!stranger.configured())
    configure(adopted, transports_);
  return make_tcp_transport(*this, adopted, peer);
}

void asio_reactor::post(std::function<void()> task) {
  if (inbox_.put(std::move(task)) == inbox::outcome::must_wake)
    wake();
}

void asio_reactor::schedule(caf::resumable* job) {
  if (runs_here())
    return jobs_.push(job);
  switch (inbox_.put(job)) {
    case inbox::outcome::taken:
      break;
    case inbox::outcome::must_wake:
      wake();
      break;
    case inbox::outcome::refused:
      bury(job);
      break;
  }
}

/// Ends an actor that this reactor can no longer run, so that its monitors, its links and CAF's
/// count of running actors hear of it: `~actor_system` would wait for it for ever.
void asio_reactor::bury(caf::resumable* job) {
  if (auto* actor = dynamic_cast<caf::scheduled_actor*>(job)) {
    if (!actor->getf(caf::abstract_actor::is_cleaned_up_flag)) {
      actor->on_exit();
      actor->cleanup(caf::make_error(caf::exit_reason::kill), nullptr);
    }
  }
  caf::intrusive_ptr_release(job);
}

void asio_reactor::defer(turn_listener& listener) {
  if (std::find(listeners_.rbegin(), listeners_.rend(), &listener) == listeners_.rend())
    listeners_.push_back(&listener);
}

void asio_reactor::forget(turn_listener& listener) noexcept {
  std::erase(listeners_, &listener);
  std::replace(telling_.begin(), telling_.end(), &listener, static_cast<turn_listener*>(nullptr));
}

void asio_reactor::settle_later(tcp_stream& stream) {
  streams_.emplace_back(&stream);
}

void asio_reactor::wake() noexcept {
  wake_.raise();
}

void asio_reactor::stop() noexcept {
  stopping_.store(true);
  wake();
}

}  // namespace byssus::detail
