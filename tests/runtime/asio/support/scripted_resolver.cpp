#include "scripted_resolver.hpp"

#include "loops.hpp"
#include <arpa/inet.h>
#include <cstdlib>
#include <netdb.h>
#include <netinet/in.h>
#include <string_view>

namespace byssus::tests {

scripted_resolver& scripted_resolver::instance() {
  static scripted_resolver one;
  return one;
}

void scripted_resolver::hang() {
  std::unique_lock lock{mutex_};
  ++hanging_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return released_; });
  --hanging_;
  changed_.notify_all();
}

void scripted_resolver::release() {
  std::unique_lock lock{mutex_};
  released_ = true;
  changed_.notify_all();
  changed_.wait(lock, [this] { return hanging_ == 0; });
  released_ = false;
}

bool scripted_resolver::hanging(int count) {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, patience, [&] { return hanging_ >= count; });
}

}  // namespace byssus::tests

namespace {

struct answer_node {
  addrinfo info{};
  sockaddr_in address{};
};

addrinfo* answer(const char* numeric, const char* port, addrinfo* next) {
  auto* made = new answer_node;
  made->address.sin_family = AF_INET;
  made->address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
  ::inet_pton(AF_INET, numeric, &made->address.sin_addr);
  made->info.ai_family = AF_INET;
  made->info.ai_addr = reinterpret_cast<sockaddr*>(&made->address);
  made->info.ai_addrlen = sizeof made->address;
  made->info.ai_next = next;
  return &made->info;
}

}  // namespace

extern "C" int getaddrinfo(const char* host, const char* port, const addrinfo*, addrinfo** found) {
  const std::string_view name{host};
  if (name.ends_with(".hangs"))
    byssus::tests::scripted_resolver::instance().hang();
  if (name != "localhost" && name != "second.test")
    return EAI_NONAME;
  *found = answer("127.0.0.1", port, nullptr);
  if (name == "second.test")
    *found = answer("127.0.0.2", port, *found);
  return 0;
}

extern "C" void freeaddrinfo(addrinfo* first) noexcept {
  while (first != nullptr) {
    auto* next = first->ai_next;
    delete reinterpret_cast<answer_node*>(first);
    first = next;
  }
}
