#include "way.hpp"

#include <algorithm>
#include <istream>
#include <string>
#include <utility>

namespace byssus::tests {

namespace {

bool read_time(std::istream& words, std::chrono::nanoseconds& into) {
  double milliseconds = 0;
  if (!(words >> milliseconds) || milliseconds < 0 || milliseconds > 3.6e6)
    return false;
  into = std::chrono::nanoseconds{static_cast<std::int64_t>(milliseconds * 1e6)};
  return true;
}

bool read_switch(std::istream& words, bool& into) {
  std::string position;
  words >> position;
  into = position == "on";
  return into || position == "off";
}

bool read_setting(const std::string& name, std::istream& words, weather& into) {
  if (name == "loss")
    return (words >> into.loss) && into.loss >= 0 && into.loss <= 1;
  if (name == "delay")
    return read_time(words, into.delay);
  if (name == "jitter")
    return read_time(words, into.jitter);
  if (name == "reorder")
    return read_switch(words, into.reorders);
  return name == "cut" && read_switch(words, into.cut);
}

}  // namespace

bool read_weather(std::istream& words, weather& now) {
  auto wanted = now;
  for (std::string name; words >> name;) {
    if (!read_setting(name, words, wanted))
      return false;
  }
  if (wanted.jitter > wanted.delay)
    return false;
  now = wanted;
  return true;
}

void way::take(packet bytes, instant now) {
  const auto number = counts_.came++;
  // Both are drawn for each packet, used or not, so that the sequence does not depend on the
  // weather.
  const bool unlucky = draw() < weather_.loss;
  const auto swing = 2 * draw() - 1;
  if (unlucky)
    return static_cast<void>(++counts_.lost);
  if (under_way_.size() == most_packets)
    return static_cast<void>(++counts_.overflowed);
  const auto jitter = std::chrono::nanoseconds{
      static_cast<std::int64_t>(swing * static_cast<double>(weather_.jitter.count()))};
  auto arrives = now + weather_.delay + jitter;
  if (!weather_.reorders)
    arrives = std::max(arrives, last_arrival_);
  last_arrival_ = std::max(last_arrival_, arrives);
  under_way_.push({arrives, number, std::move(bytes)});
}

std::optional<way::instant> way::due() const {
  return under_way_.empty() ? std::nullopt : std::optional{under_way_.top().arrives};
}

std::optional<way::packet> way::next(instant now) {
  while (!under_way_.empty() && under_way_.top().arrives <= now) {
    // The queue gives no way to move out of it; a packet is 1.5 KB at most.
    auto bytes = under_way_.top().bytes;
    under_way_.pop();
    if (!weather_.cut) {
      ++counts_.arrived;
      return bytes;
    }
    ++counts_.cut;
  }
  return std::nullopt;
}

}  // namespace byssus::tests
