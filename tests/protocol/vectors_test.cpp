#include "vectors.hpp"

#include "byssus/protocol/decoder.hpp"
#include "byssus/protocol/fragments.hpp"
#include "byssus/tests/catch.hpp"

#include <set>

using namespace byssus::protocol;
using nlohmann::json;

namespace {

/// What bytes decode to, before bodies are looked into.
struct decoded {
  std::vector<std::pair<frame_type, std::uint8_t>> frames;
  std::vector<std::pair<frame_type, std::string>> whole;
  std::optional<close_code> broken;

  void on_frame(frame_type type, std::uint8_t flags) { frames.emplace_back(type, flags); }
  void on_whole(const whole_body& next) { whole.emplace_back(next.type, as_text(next.body)); }
  void on_broken(close_code code) { broken = code; }
};

/// Compares what bytes decode to with what they did before, and stores nothing: there are half a
/// million splits.
class comparison {
public:
  explicit comparison(const decoded& expected) : expected_{expected} {}

  void on_frame(frame_type type, std::uint8_t flags) {
    same_ = same_ && frames_ < expected_.frames.size() &&
            expected_.frames[frames_++] == std::pair{type, flags};
  }
  void on_whole(const whole_body& next) {
    same_ = same_ && whole_ < expected_.whole.size() &&
            expected_.whole[whole_].first == next.type &&
            expected_.whole[whole_].second == as_text(next.body);
    ++whole_;
  }
  void on_broken(close_code code) { broken_ = code; }

  [[nodiscard]] bool same() const {
    return same_ && frames_ == expected_.frames.size() && whole_ == expected_.whole.size() &&
           broken_ == expected_.broken;
  }

private:
  const decoded& expected_;
  std::size_t frames_ = 0;
  std::size_t whole_ = 0;
  std::optional<close_code> broken_;
  bool same_ = true;
};

/// The longest frame and message that a vector allows.
struct allowance {
  explicit allowance(const json& vector)
      : frame_bytes{vector.value("limit", max_frame_bytes)},
        message_bytes{vector.value("message_limit", default_message_bytes)} {}

  std::size_t frame_bytes;
  std::size_t message_bytes;
};

/// A decoder and what stands behind it; tells `seen` of all that it finds.
template <class Seen>
class receiver {
public:
  receiver(const allowance& most, Seen& seen) : seen_{seen} {
    decoder_.limit(most.frame_bytes);
    reassembler_.limit(most.message_bytes);
  }

  void feed(byte_view piece) {
    if (broken_) {
      return;
    }
    const auto fed = decoder_.feed(piece, [this](const frame_view& next) { return take(next); });
    if (fed.broken) {
      note(fed.broken->code);
    }
  }

private:
  flow take(const frame_view& next) {
    seen_.on_frame(next.type, next.flags);
    const auto broken =
        reassembler_.feed(next, [this](const whole_body& whole) { seen_.on_whole(whole); });
    if (broken) {
      note(broken->code);
    }
    return broken ? flow::stop : flow::go_on;
  }

  void note(close_code code) {
    broken_ = true;
    seen_.on_broken(code);
  }

  decoder decoder_;
  reassembler reassembler_;
  bool broken_ = false;
  Seen& seen_;
};

decoded decode(const allowance& most, byte_view bytes) {
  decoded seen;
  receiver{most, seen}.feed(bytes);
  return seen;
}

bool same_in_pieces(const allowance& most, const decoded& expected,
                    std::initializer_list<byte_view> pieces) {
  comparison seen{expected};
  receiver peer{most, seen};
  for (const auto piece : pieces) {
    peer.feed(piece);
  }
  return seen.same();
}

bool same_byte_by_byte(const allowance& most, const decoded& expected, byte_view bytes) {
  comparison seen{expected};
  receiver peer{most, seen};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    peer.feed(bytes.subspan(i, 1));
  }
  return seen.same();
}

std::vector<std::byte> bytes_of(const json& vector) {
  std::string hex;
  for (const auto& part : vector.at("hex")) {
    hex += part.get<std::string>();
  }
  return vectors::from_hex(hex);
}

side sender_of(const json& vector) {
  return vector.at("from") == "client" ? side::client : side::node;
}

json type_in_json(frame_type type) {
  return is_known(type) ? json(name(type)) : json(static_cast<unsigned>(type));
}

json frames_in_json(const decoded& seen) {
  auto frames = json::array();
  for (const auto& [type, flags] : seen.frames) {
    frames.push_back({{"type", type_in_json(type)}, {"flags", flags}});
  }
  return frames;
}

/// Parses the bodies; the first that fails becomes the violation, as in a real receiver.
json whole_in_json(const decoded& seen, side sender, std::optional<close_code>& broken) {
  auto whole = json::array();
  for (const auto& [type, body] : seen.whole) {
    if (!is_known(type)) {
      continue;
    }
    const auto fields = vectors::parse(sender, type, as_bytes(body));
    if (!fields) {
      broken = fields.error().code;
      break;
    }
    whole.push_back({{"type", name(type)}, {"fields", *fields}});
  }
  return whole;
}

/// A receiver that knows its defaults sees them in a hello without a window.
json with_defaults(json whole) {
  for (auto& one : whole) {
    if (one.at("type") == "hello" && !one.at("fields").contains("window")) {
      one.at("fields")["window"] = {{"frames", 4096}, {"bytes", 4 * 1024 * 1024}};
    }
  }
  return whole;
}

}  // namespace

TEST_CASE("vectors: every vector decodes to the frames, fields or violation that it names") {
  const auto all = vectors::load("vectors");
  REQUIRE(all.size() >= 150);
  for (const auto& vector : all) {
    INFO(vector.at("name").get<std::string>());
    const auto bytes = bytes_of(vector);
    const auto seen = decode(allowance{vector}, bytes);
    auto broken = seen.broken;
    const auto whole = whole_in_json(seen, sender_of(vector), broken);

    CHECK(frames_in_json(seen) == vector.at("frames"));
    CHECK(whole == with_defaults(vector.value("whole", json::array())));
    CHECK((broken ? std::string{name(*broken)} : "") == vector.value("violation", ""));
  }
}

TEST_CASE("vectors: fields of a canonical vector encode to its very bytes") {
  for (const auto& vector : vectors::load("vectors")) {
    if (!vector.value("canonical", false)) {
      continue;
    }
    INFO(vector.at("name").get<std::string>());
    std::string hex;
    for (const auto& one : vector.at("whole")) {
      const auto type = one.at("type").get<std::string>();
      hex += vectors::to_hex(vectors::encode(sender_of(vector), type, one.at("fields")).bytes());
    }
    CHECK(hex == vectors::to_hex(bytes_of(vector)));
  }
}

TEST_CASE("vectors: every type has a vector that encodes and one that is wrong") {
  std::set<std::string> encoded;
  std::set<std::string> wrong;
  for (const auto& vector : vectors::load("vectors")) {
    if (vector.value("canonical", false)) {
      encoded.insert(vector.at("whole").at(0).at("type").get<std::string>());
    } else if (vector.contains("violation") && !vector.at("frames").empty()) {
      wrong.insert(vector.at("frames").at(0).at("type").dump());
    }
  }
  for (unsigned number = 0; number < 256; ++number) {
    const auto type = frame_type{static_cast<std::uint8_t>(number)};
    if (is_known(type)) {
      INFO(name(type));
      CHECK(encoded.contains(std::string{name(type)}));
      CHECK(wrong.contains(json(name(type)).dump()));
    }
  }
}

TEST_CASE(
    "decoder: every vector decodes alike at every one cut, every two cuts, and byte by byte") {
  std::size_t splits = 0;
  for (const auto& vector : vectors::load("vectors")) {
    INFO(vector.at("name").get<std::string>());
    const auto bytes = bytes_of(vector);
    const byte_view all{bytes};
    const allowance most{vector};
    const auto expected = decode(most, all);
    REQUIRE(same_byte_by_byte(most, expected, all));
    for (std::size_t first = 0; first <= all.size(); ++first) {
      for (std::size_t second = first; second <= all.size(); ++second, ++splits) {
        if (!same_in_pieces(
                most, expected,
                {all.first(first), all.subspan(first, second - first), all.subspan(second)})) {
          FAIL("cut at " << first << " and " << second);
        }
      }
    }
  }
  CHECK(splits > 100'000);
}
