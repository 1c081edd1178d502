#include "byssus/runtime/config.hpp"

#include "byssus/runtime/detail/config_ranges.hpp"
#include "byssus/runtime/settings.hpp"

#include <algorithm>
#include <thread>

namespace byssus {

namespace {

std::string text_of(std::size_t number) {
  return std::to_string(number);
}

std::string text_of(duration span) {
  return to_text(span);
}

/// Collects the first flaw of a config.
class range_check {
public:
  template <class T>
  range_check& field(const char* name, T value, const detail::range<T>& allowed) {
    return check(name, value, allowed, "");
  }

  /// Zero: nothing was chosen.
  template <class T>
  range_check& optional_field(const char* name, T value, const detail::range<T>& allowed) {
    return value == T{} ? *this : check(name, value, allowed, ", or 0");
  }

  const std::string& flaw() const noexcept { return flaw_; }

private:
  template <class T>
  range_check& check(const char* name, T value, const detail::range<T>& allowed, const char* more) {
    if (flaw_.empty() && (value < allowed.least || value > allowed.most))
      flaw_ = std::string{name} + ": must be from " + text_of(allowed.least) + " to " +
              text_of(allowed.most) + more;
    return *this;
  }

  std::string flaw_;
};

}  // namespace

std::string validate(const config& settings) {
  return range_check{}
      .optional_field("reactors", settings.reactors, detail::reactors_range)
      .optional_field("workers", settings.workers, detail::workers_range)
      .field("heartbeat", settings.heartbeat, detail::heartbeat_range)
      .optional_field("most_connections", settings.most_connections, detail::most_connections_range)
      .optional_field("most_per_address", settings.most_per_address, detail::most_per_address_range)
      .field("most_listeners", settings.most_listeners, detail::most_listeners_range)
      .field("accept_rate", settings.accept_rate, detail::accept_rate_range)
      .field("hello_deadline", settings.hello_deadline, detail::hello_deadline_range)
      .field("most_hello_bytes", settings.most_hello_bytes, detail::most_hello_bytes_range)
      .optional_field("stats", settings.stats, detail::stats_range)
      .flaw();
}

config config::from_args(int argc, const char* const* argv) {
  config read;
  settings{"A program on Byssus, links that outlive their sockets."}.add_node(read).parse_or_exit(
      argc, argv);
  return read;
}

config sized(config settings, std::size_t cores) {
  if (cores == 0)
    cores = std::max(1U, std::thread::hardware_concurrency());
  if (settings.reactors == 0)
    settings.reactors = settings.listen ? std::max<std::size_t>(1, cores / 2) : 1;
  if (settings.workers == 0)
    settings.workers = cores > settings.reactors ? cores - settings.reactors : 1;
  return settings;
}

}  // namespace byssus
