#include "byssus/runtime/node.hpp"

#include "byssus/protocol/names.hpp"
#include "byssus/runtime/asio/reactor_pool.hpp"
#include "byssus/runtime/detail/door_limits.hpp"
#include "byssus/runtime/detail/event_flag.hpp"
#include "byssus/runtime/detail/link_registry.hpp"
#include "byssus/runtime/detail/process.hpp"
#include "byssus/runtime/detail/startup_lines.hpp"
#include "byssus/runtime/detail/statistics_log.hpp"
#include "byssus/runtime/log.hpp"
#include "byssus/runtime/node_tree.hpp"
#include "byssus/runtime/signals.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <future>
#include <mutex>
#include <poll.h>

namespace byssus {

namespace {

void wait_for_either(int one, int other) {
  std::array<pollfd, 2> watched{{{one, POLLIN, 0}, {other, POLLIN, 0}}};
  while (poll(watched.data(), watched.size(), -1) < 0 && errno == EINTR) {
  }
}

/// CAF's own system, for a node that was not given one.
struct own_system {
  explicit own_system(const config& settings) {
    init(configuration, settings);
    system.emplace(configuration);
  }
  caf::actor_system_config configuration;
  std::optional<caf::actor_system> system;
};

reactor_pool_config pool_config(const config& settings) {
  reactor_pool_config pool;
  pool.reactors = settings.reactors;
  // The kernel gives up 10 s after the heartbeat should have: 3 intervals and 3 s.
  pool.transports.user_timeout = 3 * settings.heartbeat + std::chrono::seconds{3 + 10};
  return pool;
}

node_settings tree_settings(const config& settings, byssus::journal& lines) {
  using std::chrono::ceil;
  using std::chrono::milliseconds;
  node_settings tree;
  tree.listen = *settings.listen;
  auto door =
      detail::limit_door(settings, {detail::most_descriptors(), detail::open_descriptors()});
  if (!door.warning.empty())
    lines.write(severity::warning, door.warning);
  tree.door = door.rules;
  auto& offer = tree.rules.offer;
  offer.longest_heartbeat = ceil<milliseconds>(settings.heartbeat);
  offer.shortest_heartbeat = std::min(offer.shortest_heartbeat, offer.longest_heartbeat);
  tree.rules.plain_heartbeat = settings.heartbeat;
  return tree;
}

/// As the constructors need it, or what is wrong with it.
config usable(config settings) {
  if (const auto flaw = validate(settings); !flaw.empty())
    throw startup_error{errc::invalid_config, flaw};
  return sized(std::move(settings));
}

}  // namespace

void init(caf::actor_system_config& system, const config& settings) {
  system.add_error_category(make_error(errc::stopped).category(),
                            [](std::uint8_t code, caf::atom_value, const caf::message& context) {
                              std::string text{sentence(static_cast<errc>(code))};
                              if (context.match_elements<std::string>())
                                text += ": " + context.get_as<std::string>(0);
                              return text;
                            });
  system.set("scheduler.max-threads", static_cast<std::int64_t>(sized(settings).workers));
  // Idle workers wait; those of the other policy look for work a hundred times a second each.
  system.set("scheduler.policy", caf::atom("sharing"));
}

/// In the order of the members things are made, and in the opposite one destroyed.
class node::core {
public:
  core(caf::actor_system* given, const config& settings)
      : journal_(stderr_journal(settings.log_level)),
        own_(given == nullptr ? std::make_unique<own_system>(settings) : nullptr),
        system_(given == nullptr ? *own_->system : *given),
        pool_(system_, *journal_, pool_config(settings)),
        links_(system_, pool_.reactors(), journal_) {
    pool_.start();
    if (settings.listen)
      listen(settings);
    if (settings.stats > duration{0})
      log_statistics(settings.stats);
  }

  ~core() { end(); }

  link connect(link_config wanted) { return link{links_.make(std::move(wanted))}; }
  reconnect_supervisor_actor connect(link_config wanted, link_observer_actor observer) {
    return links_.make(std::move(wanted), std::move(observer));
  }

  errc publish(std::string room, std::string payload, content kind) {
    if (!where_)
      throw startup_error{errc::invalid_config,
                          "room " + room + ": a node that does not listen has no rooms"};
    const std::lock_guard guard{speaking_};
    if (silent_)
      return errc::stopped;
    return tree_->speak(std::move(room), static_cast<protocol::content_kind>(kind),
                        std::move(payload));
  }

  /// Holds up the end of the node until the reactors have answered, as `stats` does.
  void serve(const std::string& name, const inline_service& service) {
    if (!protocol::is_valid_name(name))
      throw startup_error{errc::invalid_config,
                          "service: its name " + std::string{protocol::flaw_in_name(name)}};
    if (!where_)
      throw startup_error{errc::invalid_config,
                          "service " + name + ": a node that does not listen answers nobody"};
    const std::lock_guard guard{asking_};
    if (ended_)
      throw startup_error{errc::stopped, "service " + name + ": the node has been stopped"};
    auto served = std::make_shared<std::promise<void>>();
    auto outcome = served->get_future();
    tree_->serve(name, service, [served] { served->set_value(); });
    outcome.wait();
  }

  void run() {
    const auto signals = detail::started([] { return stop_signals{}; });
    wait_for_either(signals.descriptor(), stop_.descriptor());
    end();
  }

  void stop() noexcept { stop_.raise(); }

  /// Holds up the end of the node until the reactors have answered.
  statistics stats() {
    const std::lock_guard guard{asking_};
    if (ended_)
      return with_process({});
    // Shared, here and below: the waiter may be gone before `set_value` has returned.
    auto counted = std::make_shared<std::promise<statistics>>();
    auto outcome = counted->get_future();
    detail::count(pool_.reactors(), tree_.get(),
                  [counted](const statistics& sum) { counted->set_value(sum); });
    return with_process(outcome.get());
  }

  /// From outside in: nobody comes any more, then the links, then the threads that all ran on.
  /// Whoever else calls it waits for that. It leaves `stop_` raised for those in `run`.
  void end() {
    const std::lock_guard alone{ending_};
    if (const std::lock_guard guard{asking_}; std::exchange(ended_, true))
      return;
    stop_.raise();
    fall_silent();
    on_first_reactor([this] { statistics_log_.reset(); });
    if (tree_) {
      auto stopped = std::make_shared<std::promise<void>>();
      auto outcome = stopped->get_future();
      tree_->stop([stopped] { stopped->set_value(); });
      outcome.wait();
      tree_.reset();
    }
    links_.close();
    pool_.stop();
    pool_.join();
  }

  const std::optional<endpoint>& where() const noexcept { return where_; }
  caf::actor_system& system() noexcept { return system_; }

  bool on_reactor() const noexcept {
    const auto& all = pool_.reactors();
    return std::any_of(all.begin(), all.end(),
                       [](const reactor* each) { return each->runs_here(); });
  }

private:
  /// After this nothing more is posted to the tree by `publish`, which may be called still.
  void fall_silent() {
    const std::lock_guard guard{speaking_};
    silent_ = true;
  }

  void listen(const config& settings) {
    const auto wanted = tree_settings(settings, *journal_);
    tree_ = std::make_unique<node_tree>(pool_.reactors(), wanted);
    const auto started = tree_->start();
    if (!started)
      throw detail::cannot_listen(started);
    where_ = started.where;
    journal_->write(severity::info, "listening on " + to_string(*where_));
    journal_->write(severity::info, "takes up to " + std::to_string(wanted.door.most_sockets) +
                                        " connections at a time");
  }

  void log_statistics(duration period) {
    on_first_reactor([this, period] {
      // Who asks for them shall see them: a log of its own, whatever the level of the node's.
      statistics_log_.emplace(pool_.reactors(), tree_.get(), stderr_journal(severity::info),
                              period);
    });
  }

  template <class Task>
  void on_first_reactor(const Task& task) {
    auto done = std::make_shared<std::promise<void>>();
    auto outcome = done->get_future();
    pool_.reactors().front()->post([task, done] {
      task();
      done->set_value();
    });
    outcome.wait();
  }

  std::shared_ptr<journal> journal_;
  detail::event_flag stop_;
  std::unique_ptr<own_system> own_;
  caf::actor_system& system_;
  reactor_pool pool_;
  detail::link_registry links_;
  std::unique_ptr<node_tree> tree_;
  std::optional<endpoint> where_;
  std::optional<detail::statistics_log> statistics_log_;
  std::mutex ending_;  ///< taken before the other two
  std::mutex asking_;  ///< of `ended_`, which is not set while somebody asks the reactors
  bool ended_ = false;
  std::mutex speaking_;
  bool silent_ = false;  ///< guarded by `speaking_`
};

node::node(config settings)
    : core_(detail::started(
          [&] { return std::make_unique<core>(nullptr, usable(std::move(settings))); })) {}

node::node(caf::actor_system& system, config settings)
    : core_(detail::started(
          [&] { return std::make_unique<core>(&system, usable(std::move(settings))); })) {}

node::~node() = default;

link node::connect(const link_options& options) {
  return core_->connect(to_config(options));
}

reconnect_supervisor_actor node::connect(link_config wanted, link_observer_actor observer) {
  return core_->connect(std::move(wanted), std::move(observer));
}

errc node::publish(std::string room, std::string payload, content kind) {
  return core_->publish(std::move(room), std::move(payload), kind);
}

void node::serve_inline(const std::string& name, const inline_service& service) {
  core_->serve(name, service);
}

void node::run() {
  core_->run();
}

void node::stop() noexcept {
  core_->stop();
}

statistics node::stats() {
  return core_->stats();
}

std::optional<endpoint> node::local_endpoint() const {
  return core_->where();
}

caf::actor_system& node::system() noexcept {
  return core_->system();
}

bool node::on_reactor() const noexcept {
  return core_->on_reactor();
}

}  // namespace byssus
