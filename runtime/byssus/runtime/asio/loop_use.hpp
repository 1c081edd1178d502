#pragma once

#include <cstddef>

namespace byssus::detail {

/// Whoever starts an asynchronous operation of Asio keeps one of these until it ends: then the
/// reactor waits for what Asio waits for, too. Without any, Asio costs a turn nothing. Made by
/// `asio_reactor::use_loop`, on its thread.
class loop_use {
public:
  explicit loop_use(std::size_t& count) noexcept : count_(&count) { ++*count_; }
  ~loop_use() { --*count_; }
  loop_use(const loop_use&) = delete;
  loop_use& operator=(const loop_use&) = delete;

private:
  std::size_t* count_;
};

}  // namespace byssus::detail
