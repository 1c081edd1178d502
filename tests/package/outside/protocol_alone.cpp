// The wire without actors, sockets or CAF: what is encoded here is decoded here.
#include <byssus/protocol/decoder.hpp>
#include <byssus/protocol/frame.hpp>

int main() {
  using namespace byssus::protocol;

  const frame sent{frame_type::ping, as_bytes("any body")};
  int received = 0;
  decoder incoming;
  const auto outcome = incoming.feed(sent.bytes(), [&](const frame_view& seen) {
    received += seen.type == frame_type::ping && as_text(seen.body) == "any body";
  });
  return !outcome.broken && received == 1 ? 0 : 1;
}
