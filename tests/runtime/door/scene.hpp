#pragma once

#include "byssus/runtime/node_tree.hpp"
#include "byssus/runtime/testing/simulation.hpp"

#include "raw_client.hpp"
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace byssus::testing {

/// A node in a simulated world, and clients, each on a host of his own.
class scene {
public:
  explicit scene(std::uint64_t seed = 1, std::size_t reactors = 1,
                 const node_settings& settings = {});
  ~scene();

  /// A fresh client, dialing. His host is `client N`, N counting from 1.
  raw_client& dial();
  /// A client who has been welcomed as `name`.
  raw_client& welcomed(const std::string& name);

  /// Lets time pass until `done`; asserts that it came within `limit`.
  void expect(const std::function<bool()>& done, duration limit = std::chrono::seconds{10});

  /// Ends the direction from `client N` to the node, which can still be read by him.
  void end_direction(std::size_t n);

  /// Lines of the node's log that begin so.
  std::vector<std::string> lines_with(std::string_view beginning);

  /// Lines about connections that were closed for their peers' fault.
  std::vector<std::string> closing_lines() { return lines_with("closing "); }

  /// Lines about strangers whom the node has no place for.
  std::vector<std::string> turning_away_lines() { return lines_with("turning strangers away: "); }

  /// Asserts that two fresh clients and plain mode work: pongs, receipts, messages.
  void expect_all_well();

  node_counts counts();
  void stop();

  simulation sim;
  simulated_host* node;
  endpoint where;
  std::unique_ptr<node_tree> tree;

private:
  std::vector<std::unique_ptr<raw_client>> clients_;
};

/// Lets `misbehave` act on a fresh client, in several worlds that cut and delay the bytes
/// differently. Asserts each time that he reads `code` and then the end, that the node's log has
/// one line about it, which names the code, and that a client who was there before, and others
/// after him, notice nothing.
void expect_refused(protocol::close_code code,
                    const std::function<void(scene&, raw_client&)>& misbehave,
                    const node_settings& settings = {});

}  // namespace byssus::testing
