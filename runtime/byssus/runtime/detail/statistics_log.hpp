#pragma once

#include "byssus/actors/ports/reactor.hpp"
#include "byssus/runtime/node_tree.hpp"
#include "byssus/runtime/statistics.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace byssus::detail {

/// Asks every reactor, and the tree if there is one, what is alive; their sum goes to `then`, on
/// the first reactor. What holds for the process is not in it. Any thread; a reactor that has
/// stopped never answers.
void count(const std::vector<reactor*>& reactors, node_tree* tree,
           std::function<void(const statistics&)> then);

/// Writes the line of a node's statistics to its log each `period`. Made and destroyed on the first
/// of its reactors, before the tree.
class statistics_log final : private timer_listener {
public:
  /// Begins. `reactors` is not empty; they outlive the log. `tree` may be null. `period` > 0.
  statistics_log(std::vector<reactor*> reactors, node_tree* tree, std::shared_ptr<journal> lines,
                 duration period);

private:
  void on_timer(timer& expired) override;

  std::vector<reactor*> reactors_;
  node_tree* tree_;
  std::shared_ptr<journal> lines_;
  duration period_;
  timer next_;
};

}  // namespace byssus::detail
