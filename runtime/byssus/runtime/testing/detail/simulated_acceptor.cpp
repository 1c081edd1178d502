#include "byssus/runtime/testing/detail/simulated_acceptor.hpp"

#include "byssus/runtime/testing/simulated_reactor.hpp"

#include <utility>

namespace byssus::testing::detail {

simulated_acceptor::simulated_acceptor(simulated_reactor& home, machine& host, endpoint where,
                                       accept_listener& listener)
    : home_(&home),
      host_(&host),
      where_(std::move(where)),
      listener_(&listener),
      pause_(home.timers(), *this) {
  host_->ports[where_.port] = this;
}

simulated_acceptor::~simulated_acceptor() {
  if (const auto found = host_->ports.find(where_.port);
      found != host_->ports.end() && found->second == this)
    host_->ports.erase(found);
  home_->remove(*this);
}

void simulated_acceptor::arrived(owned_socket stranger) {
  backlog_.push_back(std::move(stranger));
  home_->enqueue(*this);
}

void simulated_acceptor::unbind() noexcept {
  backlog_.clear();
  pause_.stop();
}

void simulated_acceptor::run() {
  if (backlog_.empty() || pause_.running())
    return;
  auto stranger = std::move(backlog_.front());
  backlog_.pop_front();
  if (!backlog_.empty())
    home_->enqueue(*this);
  home_->world().record(host_->name, "accepted", stranger->number());
  listener_->on_accepted(std::make_unique<detached_end>(std::move(stranger)));
}

void simulated_acceptor::on_timer(timer&) {
  if (!backlog_.empty())
    home_->enqueue(*this);
}

listening listen_on(simulated_reactor& home, machine& host, const endpoint& where,
                    accept_listener& listener) {
  if (home.world().network->meant(host, where.host) != &host)
    return {nullptr, errc::address_invalid, where.host + " is not an address of " + host.name};
  if (where.port != 0 && host.ports.contains(where.port))
    return {nullptr, errc::address_in_use, to_string(where) + " is taken"};
  const auto port = where.port != 0 ? where.port : host.ephemeral_port();
  return {std::make_unique<simulated_acceptor>(home, host, endpoint{where.host, port}, listener),
          errc::none,
          {}};
}

}  // namespace byssus::testing::detail
