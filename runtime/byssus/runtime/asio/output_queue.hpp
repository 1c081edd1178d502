#pragma once

#include "byssus/actors/ports/transport.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <sys/uio.h>
#include <vector>

namespace byssus::detail {

/// A piece of output: whole frames, one after the other, in one allocation with this head.
struct output_chunk {
  output_chunk* next = nullptr;
  std::uint32_t begin = 0;     // written so far
  std::uint32_t end = 0;       // filled so far
  std::uint32_t capacity = 0;  // bytes behind this head

  std::byte* bytes() noexcept { return reinterpret_cast<std::byte*>(this + 1); }
  std::size_t unwritten() const noexcept { return end - begin; }
};

/// Makes and keeps chunks for all transports of one reactor, so that a message a turn allocates
/// nothing.
class chunk_pool {
public:
  /// The first chunk of an empty queue is small, so that a fan-out to many transports stays in the
  /// cache.
  static constexpr std::size_t small_bytes = 1024 - sizeof(output_chunk);
  static constexpr std::size_t large_bytes = 16 * 1024 - sizeof(output_chunk);

  chunk_pool() = default;
  ~chunk_pool();
  chunk_pool(const chunk_pool&) = delete;
  chunk_pool& operator=(const chunk_pool&) = delete;

  /// An empty chunk of one of the two sizes, or of exactly `at_least` if that is more.
  output_chunk* take(std::size_t at_least, bool small);
  void give_back(output_chunk* chunk) noexcept;

private:
  struct spares {
    output_chunk* first = nullptr;
    std::size_t count = 0;
  };

  static constexpr std::size_t most_small_spares = 1024;
  static constexpr std::size_t most_large_spares = 64;

  spares small_;
  spares large_;
};

/// What a transport has not yet given to the kernel: two lanes of chunks. `urgent` goes first, at
/// the next border of chunks; a border of chunks is always one of frames.
class output_queue {
public:
  explicit output_queue(chunk_pool& pool) noexcept : pool_(&pool) {}
  ~output_queue() { clear(); }
  output_queue(const output_queue&) = delete;
  output_queue& operator=(const output_queue&) = delete;

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  void append(std::span<const std::byte> frames, lane which);

  /// Names what is to be written next, in order, in `room`, and returns how much of `room` it
  /// filled.
  std::size_t gather(std::span<iovec> room) const noexcept;

  /// Forgets the first `written` bytes of what `gather` named.
  void consume(std::size_t written) noexcept;

  void clear() noexcept;

private:
  struct chunk_list {
    output_chunk* first = nullptr;
    output_chunk* last = nullptr;
  };

  bool bulk_is_begun() const noexcept { return bulk_.first != nullptr && bulk_.first->begin != 0; }
  chunk_list& current() noexcept;
  void drop_first(chunk_list& list) noexcept;

  chunk_pool* pool_;
  chunk_list bulk_;
  chunk_list urgent_;
  std::size_t size_ = 0;
};

}  // namespace byssus::detail
