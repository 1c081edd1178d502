#pragma once

#include "byssus/protocol/frame.hpp"
#include "byssus/protocol/result.hpp"

#include <cstdint>
#include <optional>

namespace byssus::protocol {

/// Who sends.
enum class side : std::uint8_t { client, node };

/// Where a connection stands. It is `open` once the node has sent, and the client has received,
/// welcome.
enum class phase : std::uint8_t { handshaking, open };

/// Says whether `sender` may send a frame of this type in this phase: the table "Who may send what,
/// and when" of this layer's README. Unknown ignorable types are allowed once open. Failures are
/// `protocol_error`.
[[nodiscard]] std::optional<violation> check_turn(side sender, phase now, frame_type type);

}  // namespace byssus::protocol
