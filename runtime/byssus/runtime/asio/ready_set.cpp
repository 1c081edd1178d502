#include "byssus/runtime/asio/ready_set.hpp"

#include <cerrno>
#include <system_error>
#include <unistd.h>

namespace byssus::detail {

namespace {

epoll_event wanted(std::uint32_t events, ready_listener& listener) noexcept {
  epoll_event all{};
  all.events = events;
  all.data.ptr = &listener;
  return all;
}

}  // namespace

ready_set::ready_set() : descriptor_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (descriptor_ < 0)
    throw std::system_error{errno, std::generic_category(), "epoll_create1"};
}

ready_set::~ready_set() {
  ::close(descriptor_);
}

bool ready_set::watch(int socket, std::uint32_t events, ready_listener& listener) noexcept {
  auto all = wanted(events, listener);
  return ::epoll_ctl(descriptor_, EPOLL_CTL_ADD, socket, &all) == 0;
}

void ready_set::change(int socket, std::uint32_t events, ready_listener& listener) noexcept {
  auto all = wanted(events, listener);
  ::epoll_ctl(descriptor_, EPOLL_CTL_MOD, socket, &all);
}

void ready_set::forget(int socket, const ready_listener& listener) noexcept {
  ::epoll_ctl(descriptor_, EPOLL_CTL_DEL, socket, nullptr);
  for (auto& event : untold_) {
    if (event.data.ptr == &listener)
      event.data.ptr = nullptr;
  }
}

std::size_t ready_set::tell() {
  const int ready = ::epoll_wait(descriptor_, events_.data(), most_told, 0);
  if (ready <= 0)
    return 0;
  untold_ = std::span{events_}.first(static_cast<std::size_t>(ready));
  while (!untold_.empty()) {
    const auto event = untold_.front();
    untold_ = untold_.subspan(1);
    if (event.data.ptr != nullptr)
      static_cast<ready_listener*>(event.data.ptr)->on_ready(event.events);
  }
  return static_cast<std::size_t>(ready);
}

}  // namespace byssus::detail
