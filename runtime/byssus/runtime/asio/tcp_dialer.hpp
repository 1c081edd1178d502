#pragma once

#include "byssus/actors/ports/dialer.hpp"

#include <memory>

namespace byssus::detail {

class asio_reactor;
class resolver_pool;

/// Resolves (numeric addresses at once, names in the resolver pool), then races the addresses
/// (`tcp_race`, by RFC 8305) until one answers, all within the one connect deadline.
class tcp_dialer final : public dialer {
public:
  tcp_dialer(asio_reactor& home, std::shared_ptr<resolver_pool> resolver);

  [[nodiscard]] std::unique_ptr<dial> start(const endpoint& target, const dial_deadlines& within,
                                            dial_listener& listener) override;

private:
  asio_reactor* home_;
  std::shared_ptr<resolver_pool> resolver_;
};

}  // namespace byssus::detail
