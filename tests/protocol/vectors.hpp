#pragma once

#include "byssus/protocol/frame.hpp"
#include "byssus/protocol/result.hpp"
#include "byssus/protocol/rules.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// The bridge between the test vectors, which know JSON, and the C++ API, which knows structs.
namespace byssus::protocol::vectors {

using nlohmann::json;

/// All items under `key` of all files in `tests/protocol/vectors`.
[[nodiscard]] std::vector<json> load(std::string_view key);

[[nodiscard]] std::vector<std::byte> from_hex(std::string_view hex);
[[nodiscard]] std::string to_hex(byte_view bytes);

/// Parses a body with the function for its type; the fields are named as in the vectors.
[[nodiscard]] result<json> parse(side sender, frame_type type, byte_view body);

/// Encodes fields with the function for their type.
/// @pre `fields` is what `parse` answers for such a frame.
[[nodiscard]] frame encode(side sender, std::string_view type, const json& fields);

}  // namespace byssus::protocol::vectors
