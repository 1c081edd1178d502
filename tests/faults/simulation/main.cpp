#include <CLI/CLI.hpp>

#include "storm.hpp"
#include <cstdio>
#include <iostream>

/// Runs storms over a range of seeds. Exit code 0 if every promise held under every seed, 1 if not,
/// 2 for bad usage.
int main(int argc, char** argv) {
  CLI::App app{
      "Simulates a node and its clients through 20 virtual minutes of faults per seed, and checks "
      "that all is "
      "well afterwards. BYSSUS_TRACE=1 prints every event."};
  std::uint64_t from = 1;
  std::uint64_t seeds = 500;
  bool verbose = false;
  bool twice = false;
  byssus::tests::storm_config config;
  app.add_option("--from", from, "the first seed")->capture_default_str();
  app.add_option("--seeds", seeds, "how many seeds")->capture_default_str();
  app.add_option("--clients", config.clients, "links, at least 3")
      ->capture_default_str()
      ->check(CLI::Range(3, 100));
  app.add_option("--faults", config.faults, "faults planned in each run")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  app.add_flag("--verbose", verbose, "a line for each seed: trace hash, and faults by kind");
  app.add_flag("--twice", twice, "runs each seed twice and compares the trace hashes");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  }
  byssus::testing::fault_counts faults;
  std::uint64_t failed = 0;
  for (std::uint64_t seed = from; seed < from + seeds; ++seed) {
    config.seed = seed;
    auto report = byssus::tests::run_storm(config);
    if (twice && byssus::tests::run_storm(config).hash != report.hash)
      report.complaints.push_back("the same seed gave another trace");
    faults += report.faults;
    if (verbose || !report.complaints.empty())
      std::cout << "seed " << seed << ": trace " << std::hex << report.hash << std::dec << ", "
                << to_string(report.faults) << std::endl;
    for (const auto& complaint : report.complaints)
      std::cout << "seed " << seed << ": BROKEN: " << complaint << std::endl;
    if (!report.complaints.empty()) {
      ++failed;
      break;
    }
  }
  std::cout << (failed == 0 ? "all promises held: " : "broken: ") << seeds << " seeds from " << from
            << ", " << faults.total() << " faults (" << to_string(faults) << ")" << std::endl;
  return failed == 0 ? 0 : 1;
}
