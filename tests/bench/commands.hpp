#pragma once

#include "peer.hpp"
#include <cstddef>
#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

/// \file
/// What `byssus_bench` can be asked to do. Each returns the exit code of the process.

namespace byssus::bench {

struct echo_settings {
  std::vector<std::size_t> connections{1, 100, 1000};
  std::size_t size = 64;   ///< of a payload, in bytes
  std::size_t rounds = 9;  ///< of each server, alternately
  double seconds = 1;      ///< that one round measures
  double at_least = 0;     ///< the ratio below which the exit code is 1
  std::string node;        ///< the chat node's program
  std::string self;        ///< this one
};

/// Round trips of the shipped chat node and of a bare epoll loop, side by side.
int run_echo(const echo_settings& settings);

struct idle_settings {
  std::size_t connections = 15'000;
  std::size_t base = 1'000;  ///< the slope is taken from here
  bool plain = false;
  double settling = 7;  ///< seconds that they idle before their memory is looked at
  double at_most = 0;   ///< bytes per connection above which the exit code is 1; 0: no limit
  std::string node;
  std::string self;
};

/// Resident memory of the shipped chat node per idle connection.
int run_idle(const idle_settings& settings);

struct soak_settings {
  std::size_t connections = 15'000;
  std::size_t rounds = 4;
  double seconds = 12;  ///< that all stay, and ping
  double at_most = 0;   ///< resident memory after the last round by that after the first, above
                        ///< which the exit code is 1; 0: no limit
  std::string node;
  std::string self;
};

/// Rounds of clients that come, idle with heartbeats and leave; what the shipped chat node keeps of
/// them.
int run_soak(const soak_settings& settings);

/// INTERNAL: the processes that these start.

int run_raw_echo();

struct echo_load_settings {
  std::uint16_t port = 0;
  tongue speaks = tongue::raw;
  std::size_t connections = 1;
  std::size_t size = 64;
  double warmup = 0.5;
  double seconds = 2;
  pid_t server = 0;
};
int run_echo_load(const echo_load_settings& settings);

struct idle_load_settings {
  std::uint16_t port = 0;
  tongue speaks = tongue::framed;
};
int run_idle_load(const idle_load_settings& settings);

}  // namespace byssus::bench
