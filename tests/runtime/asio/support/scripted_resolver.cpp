#include "scripted_resolver.hpp"

#include "loops.hpp"
#include <arpa/inet.h>
#include <cstdlib>
#include <netdb.h>
#include <netinet/in.h>
#include <sstream>
#include <string>

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
  sockaddr_storage address{};
};

addrinfo* answer(const std::string& numeric, const char* port) {
  auto* made = new answer_node;
  made->info.ai_addr = reinterpret_cast<sockaddr*>(&made->address);
  const auto number = htons(static_cast<std::uint16_t>(std::atoi(port)));
  if (numeric.find(':') == std::string::npos) {
    auto* address = reinterpret_cast<sockaddr_in*>(&made->address);
    *address = {.sin_family = AF_INET, .sin_port = number, .sin_addr = {}, .sin_zero = {}};
    ::inet_pton(AF_INET, numeric.c_str(), &address->sin_addr);
    made->info.ai_addrlen = sizeof *address;
  } else {
    auto* address = reinterpret_cast<sockaddr_in6*>(&made->address);
    address->sin6_family = AF_INET6;
    address->sin6_port = number;
    ::inet_pton(AF_INET6, numeric.c_str(), &address->sin6_addr);
    made->info.ai_addrlen = sizeof *address;
  }
  made->info.ai_family = made->address.ss_family;
  return &made->info;
}

}  // namespace

extern "C" int getaddrinfo(const char* host, const char* port, const addrinfo*, addrinfo** found) {
  std::string name{host};
  if (name.ends_with(".hangs"))
    byssus::tests::scripted_resolver::instance().hang();
  if (name == "localhost")
    name = "127.0.0.1.listed";
  const auto suffix = name.rfind(".listed");
  if (suffix == std::string::npos)
    return EAI_NONAME;
  std::istringstream listed{name.substr(0, suffix)};
  *found = nullptr;
  for (std::string numeric; std::getline(listed, numeric, ','); found = &(*found)->ai_next)
    *found = answer(numeric, port);
  return 0;
}

extern "C" void freeaddrinfo(addrinfo* first) noexcept {
  while (first != nullptr) {
    auto* next = first->ai_next;
    delete reinterpret_cast<answer_node*>(first);
    first = next;
  }
}
