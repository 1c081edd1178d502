#include "byssus/actors/links/place.hpp"

#include "byssus/actors/links/node_part.hpp"

namespace byssus {

place::place(std::shared_ptr<node_part> at, place_kind kind, std::unique_ptr<ticket> kept) noexcept
    : at_(std::move(at)), kept_(std::move(kept)), kind_(kind) {
  at_->census->of(kind_).fetch_add(1, std::memory_order_relaxed);
  ++at_->taken(kind_);
}

place& place::operator=(place&& other) noexcept {
  if (this != &other) {
    give_back();
    at_ = std::exchange(other.at_, nullptr);
    kept_ = std::move(other.kept_);
    kind_ = other.kind_;
  }
  return *this;
}

void place::give_back() noexcept {
  kept_.reset();
  const auto from = std::exchange(at_, nullptr);
  if (!from)
    return;
  from->census->of(kind_).fetch_sub(1, std::memory_order_relaxed);
  --from->taken(kind_);
  from->tell_if_deserted();
}

}  // namespace byssus
