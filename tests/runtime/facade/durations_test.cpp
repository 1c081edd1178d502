#include "byssus/runtime/settings.hpp"
#include "byssus/tests/catch.hpp"

using namespace byssus;
using namespace std::chrono_literals;

TEST_CASE("durations: a number and a unit are a duration") {
  CHECK(parse_duration("5s") == 5s);
  CHECK(parse_duration("200ms") == 200ms);
  CHECK(parse_duration("1m") == 1min);
  CHECK(parse_duration("2h") == 2h);
  CHECK(parse_duration("10us") == 10us);
  CHECK(parse_duration("0.5s") == 500ms);
  CHECK(parse_duration("0s") == 0s);
}

TEST_CASE("durations: anything else is none") {
  for (const auto* text : {"", "5", "s", "5 s", "5x", "-5s", "5s5", "1e3s", "nans", "infs", "0x5s",
                           "99999999999999999999h", " 5s", "5S"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("durations: what is written is read back, in the longest unit that fits") {
  CHECK(to_text(5s) == "5s");
  CHECK(to_text(90s) == "90s");
  CHECK(to_text(120s) == "2m");
  CHECK(to_text(1500ms) == "1500ms");
  CHECK(to_text(0s) == "0s");
  for (const duration span : {duration{1}, duration{1us}, duration{1234567ns}, duration{3h}})
    CHECK(parse_duration(to_text(span)) == span);
}
