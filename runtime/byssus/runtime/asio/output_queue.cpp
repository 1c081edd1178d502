#include "byssus/runtime/asio/output_queue.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace byssus::detail {

namespace {

void free_all(output_chunk* first) noexcept {
  while (first != nullptr) {
    auto* next = first->next;
    ::operator delete(first);
    first = next;
  }
}

output_chunk* allocate(std::size_t capacity) {
  auto* made = new (::operator new(sizeof(output_chunk) + capacity)) output_chunk;
  made->capacity = static_cast<std::uint32_t>(capacity);
  return made;
}

}  // namespace

chunk_pool::~chunk_pool() {
  free_all(small_.first);
  free_all(large_.first);
}

output_chunk* chunk_pool::take(std::size_t at_least, bool small) {
  const auto size =
      small && at_least <= small_bytes ? small_bytes : std::max(at_least, large_bytes);
  auto& kept = size == small_bytes ? small_ : large_;
  if (size > large_bytes || kept.first == nullptr)
    return allocate(size);
  auto* taken = kept.first;
  kept.first = taken->next;
  --kept.count;
  taken->next = nullptr;
  taken->begin = taken->end = 0;
  return taken;
}

void chunk_pool::give_back(output_chunk* chunk) noexcept {
  const bool is_small = chunk->capacity == small_bytes;
  auto& kept = is_small ? small_ : large_;
  if (chunk->capacity > large_bytes ||
      kept.count >= (is_small ? most_small_spares : most_large_spares)) {
    ::operator delete(chunk);
    return;
  }
  chunk->next = kept.first;
  kept.first = chunk;
  ++kept.count;
}

void output_queue::append(std::span<const std::byte> frames, lane which) {
  if (frames.empty())
    return;
  auto& list = which == lane::urgent ? urgent_ : bulk_;
  auto* last = list.last;
  // Nothing is added to a chunk under way: its end is the border that the urgent lane waits for.
  if (last == nullptr || last->begin != 0 || last->capacity - last->end < frames.size()) {
    auto* fresh = pool_->take(frames.size(), last == nullptr);
    (last == nullptr ? list.first : last->next) = fresh;
    list.last = last = fresh;
  }
  std::memcpy(last->bytes() + last->end, frames.data(), frames.size());
  last->end += static_cast<std::uint32_t>(frames.size());
  size_ += frames.size();
}

std::size_t output_queue::gather(std::span<iovec> room) const noexcept {
  std::size_t count = 0;
  const auto name = [&](output_chunk* chunk) {
    room[count++] = {chunk->bytes() + chunk->begin, chunk->unwritten()};
  };
  auto* bulk = bulk_.first;
  if (bulk_is_begun() && !room.empty()) {
    name(bulk);
    bulk = bulk->next;
  }
  for (auto* chunk = urgent_.first; chunk != nullptr && count < room.size(); chunk = chunk->next)
    name(chunk);
  for (; bulk != nullptr && count < room.size(); bulk = bulk->next)
    name(bulk);
  return count;
}

void output_queue::consume(std::size_t written) noexcept {
  size_ -= written;
  while (written > 0) {
    auto& list = current();
    const auto part = std::min(written, list.first->unwritten());
    list.first->begin += static_cast<std::uint32_t>(part);
    written -= part;
    if (list.first->unwritten() == 0)
      drop_first(list);
  }
}

void output_queue::clear() noexcept {
  while (bulk_.first != nullptr)
    drop_first(bulk_);
  while (urgent_.first != nullptr)
    drop_first(urgent_);
  size_ = 0;
}

output_queue::chunk_list& output_queue::current() noexcept {
  return bulk_is_begun() || urgent_.first == nullptr ? bulk_ : urgent_;
}

void output_queue::drop_first(chunk_list& list) noexcept {
  auto* dropped = list.first;
  list.first = dropped->next;
  if (list.first == nullptr)
    list.last = nullptr;
  pool_->give_back(dropped);
}

}  // namespace byssus::detail
