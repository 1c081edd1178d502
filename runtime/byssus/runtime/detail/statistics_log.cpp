#include "byssus/runtime/detail/statistics_log.hpp"

#include <caf/event_based_actor.hpp>

#include <utility>

namespace byssus::detail {

namespace {

using then_do = std::function<void(const statistics&)>;

/// Adds up the timers of all reactors, on the first of them.
void count_timers(const std::vector<reactor*>& reactors, const statistics& counted,
                  const then_do& then) {
  struct sum {
    statistics counted;
    std::size_t left;
  };
  auto all = std::make_shared<sum>(sum{counted, reactors.size()});
  auto* first = reactors.front();
  for (auto* each : reactors)
    each->post([all, each, first, then] {
      first->post([all, then, running = each->timers().running()] {
        all->counted.timers += running;
        if (--all->left == 0)
          then(all->counted);
      });
    });
}

/// The body of an actor that lives no longer than this. (UndefinedBehaviorSanitizer stops at CAF's
/// spawn of one that has no argument besides itself.)
void write_line(caf::event_based_actor*, const std::shared_ptr<journal>& lines,
                const statistics& counted) {
  lines->write(severity::info, to_text(with_process(counted)));
}

}  // namespace

void count(const std::vector<reactor*>& reactors, node_tree* tree, then_do then) {
  if (tree == nullptr)
    return count_timers(reactors, {}, then);
  tree->count([reactors, then = std::move(then)](const node_counts& door) {
    statistics counted;
    counted.door = door;
    count_timers(reactors, counted, then);
  });
}

statistics_log::statistics_log(std::vector<reactor*> reactors, node_tree* tree,
                               std::shared_ptr<journal> lines, duration period)
    : reactors_(std::move(reactors)),
      tree_(tree),
      lines_(std::move(lines)),
      period_(period),
      next_(reactors_.front()->timers(), *this) {
  next_.start(period_);
}

void statistics_log::on_timer(timer&) {
  next_.start(period_);
  // /proc is read by one of CAF's threads: no reactor waits for the kernel.
  count(reactors_, tree_, [lines = lines_, home = reactors_.front()](const statistics& counted) {
    home->system().spawn(write_line, lines, counted);
  });
}

}  // namespace byssus::detail
