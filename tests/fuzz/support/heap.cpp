#include "heap.hpp"

#include <algorithm>
#include <cstdlib>
#include <malloc.h>
#include <new>

namespace byssus::fuzz {

namespace {

std::size_t live = 0;
std::size_t peak = 0;

void* counted(void* block) {
  if (block == nullptr)
    std::abort();
  live += malloc_usable_size(block);
  peak = std::max(peak, live);
  return block;
}

void* counted_at(std::align_val_t alignment, std::size_t bytes) {
  const auto border = static_cast<std::size_t>(alignment);
  return counted(std::aligned_alloc(border, (bytes + border - 1) / border * border));
}

void release(void* block) noexcept {
  live -= malloc_usable_size(block);
  std::free(block);
}

}  // namespace

std::size_t heap::live_bytes() noexcept {
  return live;
}

std::size_t heap::peak_bytes() noexcept {
  return peak;
}

void heap::forget_peak() noexcept {
  peak = live;
}

}  // namespace byssus::fuzz

using byssus::fuzz::counted;
using byssus::fuzz::counted_at;
using byssus::fuzz::release;

// All forms, since a sanitizer brings its own of each one that is not here.
void* operator new(std::size_t bytes) {
  return counted(std::malloc(bytes));
}
void* operator new[](std::size_t bytes) {
  return counted(std::malloc(bytes));
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  return counted(std::malloc(bytes));
}
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept {
  return counted(std::malloc(bytes));
}
void* operator new(std::size_t bytes, std::align_val_t border) {
  return counted_at(border, bytes);
}
void* operator new(std::size_t bytes, std::align_val_t border, const std::nothrow_t&) noexcept {
  return counted_at(border, bytes);
}
void* operator new[](std::size_t bytes, std::align_val_t border) {
  return counted_at(border, bytes);
}
void* operator new[](std::size_t bytes, std::align_val_t border, const std::nothrow_t&) noexcept {
  return counted_at(border, bytes);
}

void operator delete(void* block) noexcept {
  release(block);
}
void operator delete[](void* block) noexcept {
  release(block);
}
void operator delete(void* block, std::size_t) noexcept {
  release(block);
}
void operator delete[](void* block, std::size_t) noexcept {
  release(block);
}
void operator delete(void* block, const std::nothrow_t&) noexcept {
  release(block);
}
void operator delete[](void* block, const std::nothrow_t&) noexcept {
  release(block);
}
void operator delete(void* block, std::align_val_t) noexcept {
  release(block);
}
void operator delete[](void* block, std::align_val_t) noexcept {
  release(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
  release(block);
}
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept {
  release(block);
}
void operator delete(void* block, std::align_val_t, const std::nothrow_t&) noexcept {
  release(block);
}
void operator delete[](void* block, std::align_val_t, const std::nothrow_t&) noexcept {
  release(block);
}
