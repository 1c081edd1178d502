#include "byssus/actors/links/closing_log.hpp"

#include "byssus/protocol/limits.hpp"
#include "byssus/protocol/names.hpp"

#include <utility>

namespace byssus {

namespace {

constexpr duration second = std::chrono::seconds{1};

}  // namespace

closing_log::closing_log(reactor& home, std::size_t most_a_second)
    : home_(&home), most_a_second_(most_a_second), second_over_(home.timers(), *this) {}

void closing_log::note(const std::string& peer, protocol::close_code code,
                       std::string_view reason) {
  if (!home_->journal().wants(severity::warning) || !may_write())
    return;
  std::string line = "closing " + peer + ": " + std::to_string(static_cast<unsigned>(code)) + ' ';
  line.append(protocol::name(code))
      .append(", ")
      .append(protocol::one_line(reason, protocol::max_close_reason_bytes));
  home_->journal().write(severity::warning, line);
}

bool closing_log::may_write() {
  const auto now = home_->now();
  if (left_out_ == 0 && now - second_began_ >= second) {
    second_began_ = now;
    written_ = 0;
  }
  if (written_ < most_a_second_) {
    ++written_;
    return true;
  }
  if (left_out_++ == 0)
    second_over_.start_at(second_began_ + second);
  return false;
}

void closing_log::flush() {
  second_over_.stop();
  if (const auto more = std::exchange(left_out_, 0); more > 0)
    home_->journal().write(severity::warning,
                           "closing " + std::to_string(more) + " more in the same second");
}

void closing_log::on_timer(timer&) {
  flush();
}

}  // namespace byssus
