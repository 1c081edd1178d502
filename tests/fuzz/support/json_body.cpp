#include "json_body.hpp"

namespace byssus::fuzz {

namespace {

constexpr std::string_view of_other_types[] = {"null",
                                               "true",
                                               "-1",
                                               "1e3",
                                               "1.5",
                                               "\"1\"",
                                               "[]",
                                               "{}",
                                               "[1]",
                                               "[\"a\",1]",
                                               "18446744073709551616",
                                               "[[[[[[[[[]]]]]]]]]"};

/// Bytes above 7f are written as they are, so that they need not be UTF-8.
std::string quoted(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string all = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      all.append({'\\', c});
    else if (c >= 0 && c < ' ')
      all.append(c < 16 ? "\\u000" : "\\u001") += digits[static_cast<unsigned char>(c) % 16];
    else
      all += c;
  }
  return all + '"';
}

std::string list_of(const std::vector<std::string>& texts) {
  std::string all = "[";
  for (const auto& text : texts)
    all += quoted(text) + ",";
  if (!texts.empty())
    all.pop_back();
  return all + ']';
}

std::string value_of(const field& wanted, input& in) {
  switch (wanted.what) {
    case field::kind::number:
      return std::to_string(some_number(in, wanted.least, wanted.most));
    case field::kind::truth:
      return in.up_to(1) == 1 ? "true" : "false";
    case field::kind::text:
      return quoted(some_text(in));
    case field::kind::texts:
      return list_of(some_texts(in));
    case field::kind::object:
      break;
  }
  return some_object(in, wanted.inner);
}

}  // namespace

std::string some_object(input& in, std::span<const field> shape) {
  std::string all = "{";
  const auto add = [&all](const field& each, std::string_view value) {
    all.append(quoted(each.key)).append(":").append(value).append(",");
  };
  for (const auto& each : shape) {
    const auto oddity = in.up_to(15);
    if (oddity == 1)
      continue;
    if (oddity == 2)
      add(each, in.one_of(of_other_types));
    if (oddity == 3)
      add(each, value_of(each, in));
    add(each, oddity == 4 ? std::string{in.one_of(of_other_types)} : value_of(each, in));
  }
  if (all.ends_with(','))
    all.pop_back();
  return all + '}';
}

}  // namespace byssus::fuzz
