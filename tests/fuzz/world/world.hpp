#pragma once

#include "byssus/runtime/node_tree.hpp"
#include "byssus/runtime/testing/simulation.hpp"

#include "offender.hpp"
#include "support/input.hpp"
#include "witness.hpp"
#include <array>
#include <functional>
#include <memory>
#include <string>

namespace byssus::fuzz {

/// A node in the simulated network, a witness, and up to four offenders who do what the input says:
///
///     settings │ step, its choices │ step, its choices │ …
///
/// Every run of bytes is a play; it is over when they, or the time it may take, are used up.
class world {
public:
  explicit world(input& play);
  ~world();
  world(const world&) = delete;
  world& operator=(const world&) = delete;

  /// Plays it to its end, and checks that nobody was harmed and nothing is left.
  void run();

private:
  void act();
  void speak(offender& one);
  void hurt(std::size_t number);
  void pass_time();
  void part();
  void stop();
  node_counts counts();
  void expect_within(duration limit, const std::function<bool()>& done, const char* sentence);
  void expect_told(const offender& one);
  void expect_all_told();

  input* play_;
  std::size_t reactors_;
  bool node_stops_first_;
  testing::simulation sim_;
  testing::simulated_host* node_;
  std::unique_ptr<node_tree> tree_;
  endpoint where_;
  std::unique_ptr<witness> witness_;
  std::array<std::unique_ptr<offender>, 4> offenders_;
  std::size_t dialed_ = 0;
  std::size_t total_budget_ = 64 * 1024;
  std::size_t budget_;  ///< bytes that may be sent before more time has passed
  duration left_ = std::chrono::seconds{120};
  bool silenced_ = false;
};

}  // namespace byssus::fuzz
