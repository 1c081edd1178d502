#pragma once

#include "byssus/actors/ports/dialer.hpp"
#include "byssus/runtime/testing/detail/network_core.hpp"

#include <memory>

namespace byssus::testing {
class simulated_reactor;
}

namespace byssus::testing::detail {

/// Fresh sockets of one reactor.
class simulated_dialer final : public dialer {
public:
  simulated_dialer(simulated_reactor& home, machine& host) noexcept : home_(&home), host_(&host) {}

  std::unique_ptr<dial> start(const endpoint& target, const dial_deadlines& within,
                              dial_listener& listener) override;

private:
  simulated_reactor* home_;
  machine* host_;
};

}  // namespace byssus::testing::detail
