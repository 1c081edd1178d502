#pragma once

#include "byssus/runtime/detail/link_outlet.hpp"

#include <memory>
#include <utility>

namespace byssus::detail {

/// What the copies of a `link` and all that came from it share. Nothing in it changes.
class link_end {
public:
  link_end(link_outlet_actor outlet, reconnect_supervisor_actor supervisor,
           std::shared_ptr<journal> lines)
      : outlet_(std::move(outlet)),
        supervisor_(std::move(supervisor)),
        journal_(std::move(lines)) {}

  /// Runs `task` as a part of the LINK OUTLET, after what came before. Any thread.
  void post(std::function<void(link_outlet_state&)> task) const;

  const reconnect_supervisor_actor& supervisor() const noexcept { return supervisor_; }
  journal& lines() const noexcept { return *journal_; }

private:
  link_outlet_actor outlet_;
  reconnect_supervisor_actor supervisor_;
  std::shared_ptr<journal> journal_;
};

}  // namespace byssus::detail
