#pragma once

#include "byssus/protocol/bytes.hpp"

#include <cstdint>

/// What libFuzzer, or the replay of the corpus, calls with each input.
// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer looks for this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace byssus::fuzz {

/// Ends the program as a finding unless `kept`; `sentence` is what should have been true. Each is
/// said in one place only: it names the check.
void promise(bool kept, const char* sentence);

inline protocol::byte_view view_of(const std::uint8_t* data, std::size_t size) noexcept {
  return std::as_bytes(std::span{data, size});
}

}  // namespace byssus::fuzz
