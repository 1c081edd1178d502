// A stranger's program: every installed header at once, and a simulated hour.
#include "every_header.hpp"

int main() {
  using namespace std::chrono_literals;

  byssus::testing::simulation sim{1};
  sim.advance(1h);
  return sim.elapsed() == 1h && sim.actors() == 0 ? 0 : 1;
}
