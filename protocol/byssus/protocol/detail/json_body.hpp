#pragma once

#include "byssus/protocol/frame.hpp"
#include "byssus/protocol/result.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace byssus::protocol::detail {

using nlohmann::json;

/// Parses a control body: one JSON object, within `max_json_bytes` and `max_json_depth`.
[[nodiscard]] result<json> parse_object(byte_view body);

/// Encodes a control body whose text has been checked: anything that is not UTF-8 would become
/// U+FFFD.
[[nodiscard]] frame encode_object(frame_type type, const json& object);

/// Reads fields of one JSON object and remembers the first that is wrong; what is read after that
/// is of no use. Every type is checked before the value is touched, so that nothing throws.
class fields {
public:
  /// @pre `object` is an object and outlives this reader. `wrong` is the code of a field that is
  /// not right.
  fields(const json& object, close_code wrong) noexcept : object_{object}, wrong_{wrong} {}

  [[nodiscard]] bool has(const char* key) const noexcept { return object_.contains(key); }

  /// A whole number from `least` to `most`.
  [[nodiscard]] std::uint64_t number(const char* key, std::uint64_t least, std::uint64_t most);
  [[nodiscard]] bool truth(const char* key);
  /// Text for people, made one line and cut to `max_bytes`; empty if the field is absent.
  [[nodiscard]] std::string remark(const char* key, std::size_t max_bytes);
  /// Text of at most `max_bytes` visible ASCII characters without a space; may be empty.
  [[nodiscard]] std::string token(const char* key, std::size_t max_bytes);
  /// A word of `a–z 0–9 _`, and of `also`, of 1–`max_bytes` characters.
  [[nodiscard]] std::string word(const char* key, std::size_t max_bytes,
                                 std::string_view also = {});
  [[nodiscard]] std::vector<std::string> words(const char* key, std::size_t max_count,
                                               std::size_t max_bytes, std::string_view also);
  /// The name of a room or client.
  [[nodiscard]] std::string name(const char* key);
  [[nodiscard]] std::string name_or_empty(const char* key);
  [[nodiscard]] std::vector<std::string> names(const char* key, std::size_t max_count);
  /// The fields of an object within this one; a failure in it must be passed on with `adopt`.
  [[nodiscard]] fields inner(const char* key);
  void adopt(const fields& inner);

  [[nodiscard]] const std::optional<violation>& flaw() const noexcept { return flaw_; }

private:
  /// The field, or null after a complaint.
  [[nodiscard]] const json* find(const char* key, json::value_t type);
  [[nodiscard]] const std::string* find_text(const char* key);
  void complain(close_code code, std::string_view key, std::string_view problem);
  [[nodiscard]] std::string checked_word(const char* key, const json& item, std::size_t max_bytes,
                                         std::string_view also);
  [[nodiscard]] std::string checked_name(const char* key, const json& item);

  const json& object_;
  close_code wrong_;
  std::optional<violation> flaw_;
};

/// Parses a body and reads its fields with `read`; `wrong` as for `fields`.
template <class T>
[[nodiscard]] result<T> parse_fields(byte_view body, close_code wrong, T (*read)(fields&)) {
  auto object = parse_object(body);
  if (!object) {
    return std::move(object).error();
  }
  fields in{*object, wrong};
  auto value = read(in);
  if (in.flaw()) {
    return *in.flaw();
  }
  return value;
}

/// Encodes what the peer would accept, no frame otherwise: `read` is what the peer reads with.
template <class T>
[[nodiscard]] frame encode_fields(frame_type type, const json& object, T (*read)(fields&)) {
  fields in{object, close_code::bad_body};
  static_cast<void>(read(in));
  return in.flaw() ? frame{} : encode_object(type, object);
}

}  // namespace byssus::protocol::detail
