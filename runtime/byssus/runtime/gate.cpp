#include "byssus/runtime/gate.hpp"

#include <algorithm>
#include <utility>

namespace byssus {

namespace {

/// A pause shorter than this costs more wake-ups than it is worth.
constexpr duration shortest_rest = std::chrono::milliseconds{10};
/// So much of a second's strangers may come at once.
constexpr std::size_t bursts_a_second = 10;

struct told_ticket final : ticket {
  explicit told_ticket(std::shared_ptr<node_census> of) noexcept : census(std::move(of)) {
    ++census->turned_away;
  }
  ~told_ticket() override { --census->turned_away; }
  std::shared_ptr<node_census> census;
};

}  // namespace

struct address_book::entry final : ticket {
  explicit entry(std::shared_ptr<page> of) noexcept : held(std::move(of)) {}
  std::shared_ptr<page> held;
};

std::unique_ptr<ticket> address_book::enter(const std::string& origin, std::size_t most) {
  if (pages_.size() >= sweep_at_)
    sweep();
  auto& shared = pages_[origin];
  if (!shared)
    shared = std::make_shared<page>();
  // Only this reactor adds owners, so the count may be too high for a moment, never too low.
  const auto connected = static_cast<std::size_t>(shared.use_count()) - 1;
  return connected < most ? std::make_unique<entry>(shared) : nullptr;
}

/// Forgets those of whom nobody is left, each time the book has doubled.
void address_book::sweep() {
  std::erase_if(pages_, [](const auto& each) { return each.second.use_count() == 1; });
  sweep_at_ = std::max<std::size_t>(64, 2 * pages_.size());
}

gate::gate(reactor& home, const door_rules& rules, std::shared_ptr<node_census> census)
    : home_(&home), rules_(rules), census_(std::move(census)) {
  if (rules_.accepts_a_second == 0)
    return;
  burst_ = static_cast<std::uint32_t>(
      std::max<std::size_t>(1, rules_.accepts_a_second / bursts_a_second));
  each_ = duration{std::chrono::seconds{1}} / static_cast<duration::rep>(rules_.accepts_a_second);
}

gate_pass gate::judge(const detached_socket& newcomer) {
  if (each_ > duration{0})
    static_cast<void>(arrivals_.take(home_->now(), burst_, each_));
  if (is_full())
    return turn_away(
        verdict::node_full, node_full_,
        "the node has as many connections as it allows, " + std::to_string(rules_.most_sockets));
  std::unique_ptr<ticket> kept;
  if (rules_.most_per_address > 0) {
    const auto origin = newcomer.origin();
    kept = addresses_.enter(origin, rules_.most_per_address);
    if (!kept)
      return turn_away(verdict::address_full, address_full_,
                       origin + " has as many connections as the node allows one address, " +
                           std::to_string(rules_.most_per_address));
  }
  return {census_, verdict::welcome, std::move(kept)};
}

/// Those who are only told why not take no place from others.
bool gate::is_full() const noexcept {
  return census_->of(place_kind::socket) + census_->arriving >=
         rules_.most_sockets + census_->turned_away;
}

gate_pass gate::turn_away(verdict why, episode& of, const std::string& line) {
  if (of.begins(home_->now()))
    home_->journal().write(severity::warning, "turning strangers away: " + line);
  if (census_->turned_away < rules_.most_turned_away)
    return {census_, why, std::make_unique<told_ticket>(census_)};
  ++dropped_;
  return {nullptr, verdict::dropped, nullptr};
}

duration gate::rest() const noexcept {
  if (each_ == duration{0})
    return duration{0};
  const auto wait = arrivals_.until_next(home_->now(), burst_, each_);
  return wait > duration{0} ? std::max(wait, shortest_rest) : duration{0};
}

void gate::note_failure(errc reason) {
  if (exhausted_.begins(home_->now()))
    home_->journal().write(
        severity::warning,
        "cannot accept connections just now, strangers wait: " + std::string{sentence(reason)});
}

}  // namespace byssus
