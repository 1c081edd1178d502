#include "byssus/protocol/detail/json_body.hpp"

#include "byssus/protocol/names.hpp"

#include <algorithm>

namespace byssus::protocol::detail {

namespace {

/// How deep objects and arrays nest in `text`, which need not be JSON. nlohmann's own depth
/// callback can discard values but not stop, so the depth is found before the parser builds
/// anything.
std::size_t depth_of(std::string_view text) noexcept {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (quoted) {
      continue;
    } else if (text[i] == '{' || text[i] == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((text[i] == '}' || text[i] == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

bool is_word_character(char c, std::string_view also) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         also.find(c) != std::string_view::npos;
}

}  // namespace

result<json> parse_object(byte_view body) {
  const auto text = as_text(body);
  if (text.size() > max_json_bytes) {
    return violation{close_code::json_too_large, "a body of " + std::to_string(text.size()) +
                                                     " bytes, " + std::to_string(max_json_bytes) +
                                                     " are allowed"};
  }
  if (depth_of(text) > max_json_depth) {
    return violation{close_code::json_too_deep,
                     "more than " + std::to_string(max_json_depth) + " levels"};
  }
  auto object = json::parse(text, nullptr, false);
  if (object.is_discarded()) {
    return violation{close_code::bad_json, "the body is not JSON"};
  }
  if (!object.is_object()) {
    return violation{close_code::bad_json, "the body is not an object"};
  }
  return object;
}

frame encode_object(frame_type type, const json& object) {
  const auto text = object.dump(-1, ' ', false, json::error_handler_t::replace);
  return frame{type, as_bytes(text)};
}

std::uint64_t fields::number(const char* key, std::uint64_t least, std::uint64_t most) {
  const auto* field = find(key, json::value_t::number_unsigned);
  if (field == nullptr) {
    return least;
  }
  const auto value = *field->get_ptr<const json::number_unsigned_t*>();
  if (value < least || value > most) {
    complain(wrong_, key, "is out of range");
    return least;
  }
  return value;
}

bool fields::truth(const char* key) {
  const auto* field = find(key, json::value_t::boolean);
  return field != nullptr && *field->get_ptr<const json::boolean_t*>();
}

std::string fields::remark(const char* key, std::size_t max_bytes) {
  const auto* text = has(key) ? find_text(key) : nullptr;
  return text != nullptr ? one_line(*text, max_bytes) : std::string{};
}

std::string fields::token(const char* key, std::size_t max_bytes) {
  const auto* text = find_text(key);
  if (text == nullptr) {
    return {};
  }
  if (text->size() > max_bytes ||
      !std::ranges::all_of(*text, [](char c) { return c > ' ' && c < 0x7f; })) {
    complain(wrong_, key, "is not a token");
    return {};
  }
  return *text;
}

std::string fields::word(const char* key, std::size_t max_bytes, std::string_view also) {
  const auto* field = find(key, json::value_t::string);
  return field != nullptr ? checked_word(key, *field, max_bytes, also) : std::string{};
}

std::vector<std::string> fields::words(const char* key, std::size_t max_count,
                                       std::size_t max_bytes, std::string_view also) {
  std::vector<std::string> list;
  const auto* field = find(key, json::value_t::array);
  if (field != nullptr && field->size() > max_count) {
    complain(wrong_, key, "has too many items");
  } else if (field != nullptr) {
    for (const auto& item : *field) {
      list.push_back(checked_word(key, item, max_bytes, also));
    }
  }
  return list;
}

std::string fields::name(const char* key) {
  const auto* field = find(key, json::value_t::string);
  return field != nullptr ? checked_name(key, *field) : std::string{};
}

std::string fields::name_or_empty(const char* key) {
  const auto* text = find_text(key);
  return text != nullptr && !text->empty() ? name(key) : std::string{};
}

std::vector<std::string> fields::names(const char* key, std::size_t max_count) {
  std::vector<std::string> list;
  const auto* field = find(key, json::value_t::array);
  if (field != nullptr && field->size() > max_count) {
    complain(wrong_, key, "has too many items");
  } else if (field != nullptr) {
    for (const auto& item : *field) {
      list.push_back(checked_name(key, item));
    }
  }
  return list;
}

fields fields::inner(const char* key) {
  static const json nothing = json::object();
  const auto* field = find(key, json::value_t::object);
  return {field != nullptr ? *field : nothing, wrong_};
}

void fields::adopt(const fields& inner) {
  if (!flaw_) {
    flaw_ = inner.flaw_;
  }
}

const json* fields::find(const char* key, json::value_t type) {
  const auto field = object_.find(key);
  if (field == object_.end()) {
    complain(wrong_, key, "is missing");
    return nullptr;
  }
  if (field->type() != type) {
    complain(wrong_, key, "has the wrong type");
    return nullptr;
  }
  return &*field;
}

const std::string* fields::find_text(const char* key) {
  const auto* field = find(key, json::value_t::string);
  return field != nullptr ? field->get_ptr<const json::string_t*>() : nullptr;
}

void fields::complain(close_code code, std::string_view key, std::string_view problem) {
  if (!flaw_) {
    flaw_ = violation{code, std::string{key} + " " + std::string{problem}};
  }
}

std::string fields::checked_word(const char* key, const json& item, std::size_t max_bytes,
                                 std::string_view also) {
  const auto* text = item.get_ptr<const json::string_t*>();
  if (text == nullptr) {
    complain(wrong_, key, "has the wrong type");
    return {};
  }
  if (text->empty() || text->size() > max_bytes ||
      !std::ranges::all_of(*text, [also](char c) { return is_word_character(c, also); })) {
    complain(wrong_, key, "is not a word");
    return {};
  }
  return *text;
}

std::string fields::checked_name(const char* key, const json& item) {
  const auto* text = item.get_ptr<const json::string_t*>();
  if (text == nullptr) {
    complain(wrong_, key, "has the wrong type");
    return {};
  }
  if (const auto flaw = flaw_in_name(*text); !flaw.empty()) {
    complain(close_code::bad_name, key, flaw);
    return {};
  }
  return *text;
}

}  // namespace byssus::protocol::detail
