#pragma once

#include "child.hpp"
#include "peer.hpp"
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// \file
/// The processes that a measurement starts: servers on the first core, loads on the second.

namespace byssus::bench {

/// The command line of the shipped chat node, with one reactor on a free port, and `more`.
std::vector<std::string> shipped_node(const std::string& program,
                                      const std::vector<std::string>& more = {});

/// A server that listens on 127.0.0.1, and has said so when the constructor returns.
struct server {
  explicit server(const std::vector<std::string>& words);

  child process;
  std::uint16_t port;
};

/// The load `command` of `byssus_bench`, which is `self`, for the server on `port`, with `more`
/// flags.
child load_of(const std::string& self, const std::string& command, std::uint16_t port,
              tongue speaks, const std::vector<std::string>& more = {});

/// Clients of a server that idle with heartbeats: `byssus_bench idle-load`.
class idle_crowd {
public:
  /// `self` is this program.
  idle_crowd(const std::string& self, std::uint16_t port, tongue speaks);

  /// Lets clients come or go until there are `count`, all of them in. Throws `std::runtime_error`
  /// if that takes a minute, or if the server has closed one that was there.
  void become(std::size_t count);

private:
  child process_;
};

}  // namespace byssus::bench
