#include "byssus/runtime/asio/happy_eyeballs.hpp"

#include "byssus/tests/catch.hpp"

#include <boost/asio/ip/address.hpp>

#include <sstream>
#include <string>

using namespace std::chrono_literals;

namespace byssus::detail {

namespace {

constexpr instant start{1h};

/// Reads `a b c` as addresses: a capital letter is of IPv6, a small one of IPv4.
std::vector<tcp::endpoint> addresses(const std::string& letters) {
  std::vector<tcp::endpoint> all;
  for (const char letter : letters) {
    const bool v6 = letter < 'a';
    const auto text = v6 ? std::string{"2001:db8::"} + std::to_string(letter)
                         : std::string{"192.0.2."} + std::to_string(letter);
    all.emplace_back(asio::ip::make_address(text), static_cast<std::uint16_t>(letter));
  }
  return all;
}

std::string letters(const std::vector<tcp::endpoint>& addresses) {
  std::string all;
  for (const auto& each : addresses)
    all += static_cast<char>(each.port());
  return all;
}

/// What happens to a race of so many addresses: `+` lets 5 ms pass, `x` fails an attempt. Returns
/// the milliseconds at which attempts began.
std::string begins(std::size_t count, const std::string& events) {
  happy_eyeballs race{count, start};
  auto now = start;
  std::ostringstream told;
  const auto begin_due = [&] {
    while (race.due() && *race.due() <= now) {
      race.begin_next(now);
      told << (now - start) / 1ms << ' ';
    }
  };
  begin_due();
  for (const char event : events) {
    if (event == '+')
      now += 5ms;
    else
      race.on_failed(now);
    begin_due();
  }
  told << (race.exhausted() ? "exhausted" : "");
  return told.str();
}

/// So many steps of 5 ms.
std::string wait(duration span) {
  return std::string(static_cast<std::size_t>(span / 5ms), '+');
}

}  // namespace

TEST_CASE("happy eyeballs: the families take turns, beginning with the first address's") {
  // RFC 8305, section 4, with a First Address Family Count of 1.
  struct row {
    const char* sorted;
    const char* tried;
  };
  for (const auto& [sorted, tried] : {
           row{"", ""},
           row{"A", "A"},
           row{"ABC", "ABC"},
           row{"abc", "abc"},
           row{"ABab", "AaBb"},  // "the first IPv4 address should be moved up ... to be second"
           row{"abAB", "aAbB"},  // the order of RFC 6724 says which family is first, not we
           row{"ABCDa", "AaBCD"},
           row{"AabcdB", "AaBbcd"},
           row{"AaBb", "AaBb"},
       }) {
    INFO(sorted);
    CHECK(letters(interleaved(addresses(sorted))) == tried);
  }
}

TEST_CASE("happy eyeballs: attempts begin a Connection Attempt Delay apart while none fails") {
  // RFC 8305, section 5: 250 ms.
  CHECK(begins(1, wait(1s)) == "0 ");
  CHECK(begins(3, wait(1s)) == "0 250 500 ");
}

TEST_CASE("happy eyeballs: a failure starts the next attempt at once, but 10 ms after the last") {
  // RFC 8305, section 5: "MUST NOT be started within 10 milliseconds of the previous attempt".
  CHECK(begins(3, "x") == "0 ");
  CHECK(begins(3, "x" + wait(10ms)) == "0 10 ");
  CHECK(begins(3, "x" + wait(10ms) + "x" + wait(10ms)) == "0 10 20 ");
  CHECK(begins(3, wait(50ms) + "x" + wait(500ms)) == "0 50 300 ");
}

TEST_CASE("happy eyeballs: a late failure of an early attempt also brings the next one forward") {
  CHECK(begins(4, wait(300ms) + "x" + wait(1s)) == "0 250 300 550 ");
}

TEST_CASE("happy eyeballs: two failures at once bring two attempts forward, 10 ms apart") {
  CHECK(begins(4, wait(300ms) + "xx" + wait(1s)) == "0 250 300 310 ");
}

TEST_CASE("happy eyeballs: a race is lost when every address has failed, and not before") {
  CHECK(begins(1, "x") == "0 exhausted");
  CHECK(begins(2, "x" + wait(1s)) == "0 10 ");
  CHECK(begins(2, wait(250ms) + "xx") == "0 250 exhausted");
}

TEST_CASE("happy eyeballs: nothing is due once all have begun") {
  happy_eyeballs race{1, start};
  CHECK(race.due() == start);
  CHECK(race.begin_next(start) == 0);
  CHECK(race.due() == std::nullopt);
}

}  // namespace byssus::detail
