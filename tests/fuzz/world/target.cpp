#include "byssus/actors/pinned.hpp"
#include "byssus/protocol/frame.hpp"

#include "support/heap.hpp"
#include "support/promise.hpp"
#include "world.hpp"

/// A whole node among strangers: see `world`. Beside what it checks: nothing outlives it, no actor
/// ran on a wrong reactor, and memory stays within bounds that the input cannot move.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace byssus;
  constexpr std::size_t most_bytes = 8 * 1024 * 1024;
  const auto before = fuzz::heap::live_bytes();
  fuzz::heap::forget_peak();
  fuzz::input play{fuzz::view_of(data, size)};
  fuzz::world{play}.run();
  fuzz::promise(pinned_count::live == 0, "no pinned actor outlives its world");
  fuzz::promise(pinned_count::strayed == 0, "a pinned actor runs on its reactor");
  fuzz::promise(protocol::frame::live() == 0, "no frame outlives its world");
  fuzz::promise(fuzz::heap::peak_bytes() < before + most_bytes, "memory is bounded");
  return 0;
}
