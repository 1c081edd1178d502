#include "byssus/runtime/asio/reactor_pool.hpp"

#include "byssus/runtime/asio/asio_reactor.hpp"
#include "byssus/runtime/asio/resolver_pool.hpp"

namespace byssus {

reactor_pool::reactor_pool(caf::actor_system& system, journal& lines, reactor_pool_config config)
    : resolver_(std::make_shared<detail::resolver_pool>(config.resolver_threads)) {
  for (std::size_t made = 0; made < config.reactors; ++made) {
    owned_.push_back(
        std::make_unique<detail::asio_reactor>(system, lines, resolver_, config.transports));
    faces_.push_back(owned_.back().get());
  }
}

reactor_pool::~reactor_pool() {
  stop();
  join();
  resolver_->close();
}

void reactor_pool::start() {
  for (auto& each : owned_)
    threads_.emplace_back([loop = each.get()] { loop->run(); });
}

void reactor_pool::stop() noexcept {
  for (auto& each : owned_)
    each->stop();
}

void reactor_pool::join() {
  for (auto& each : threads_) {
    if (each.joinable())
      each.join();
  }
}

}  // namespace byssus
