#include "byssus/actors/links/app_inbox.hpp"

#include <utility>

namespace byssus {

void app_inbox::begin(std::uint64_t attempt) {
  discount(std::exchange(coming_load_, {}));
  coming_ = {};
  coming_.attempt = attempt;
}

bool app_inbox::admit(const load& more) noexcept {
  const bool fits = unhandled_.frames + more.frames <= most_.frames &&
                    unhandled_.bytes + more.bytes <= most_.bytes;
  if (!fits && unhandled_.frames > 0)
    return false;
  count(more);
  return true;
}

std::optional<message_batch> app_inbox::flush() {
  if (nothing_coming())
    return std::nullopt;
  with_app_.push_back({coming_.attempt, std::exchange(coming_load_, {})});
  message_batch next;
  next.attempt = coming_.attempt;
  return std::exchange(coming_, std::move(next));
}

auto app_inbox::on_handled(std::uint64_t attempt) -> std::optional<load> {
  if (with_app_.empty() || with_app_.front().attempt != attempt)
    return std::nullopt;
  const auto done = with_app_.front().weight;
  with_app_.pop_front();
  discount(done);
  return done;
}

auto app_inbox::settle() noexcept -> load {
  if (!idle())
    return {};
  discount(coming_load_);
  return std::exchange(coming_load_, {});
}

void app_inbox::count(const load& more) noexcept {
  coming_load_.frames += more.frames;
  coming_load_.bytes += more.bytes;
  unhandled_.frames += more.frames;
  unhandled_.bytes += more.bytes;
}

void app_inbox::discount(const load& done) noexcept {
  unhandled_.frames -= done.frames;
  unhandled_.bytes -= done.bytes;
}

}  // namespace byssus
