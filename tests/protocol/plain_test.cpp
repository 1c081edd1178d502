#include "byssus/protocol/plain.hpp"

#include "byssus/tests/catch.hpp"

#include <string>
#include <vector>

using namespace byssus::protocol;
using texts = std::vector<std::string>;

namespace {

/// Feeds reads; messages come out as they are, answers in angle brackets, and `flush` is a read of
/// `…`.
texts hear(const texts& reads, plain_reader& in) {
  texts events;
  const auto note = [&events](const plain_event& event) {
    const std::string text{event.text};
    events.push_back(event.what == plain_event::kind::answer ? "<" + text + ">" : text);
  };
  for (const auto& read : reads) {
    if (read == "…") {
      REQUIRE(in.wants_timer());
      in.flush(note);
      REQUIRE_FALSE(in.wants_timer());
    } else {
      REQUIRE_FALSE(in.feed(as_bytes(read), note));
    }
  }
  return events;
}

struct plain_case {
  texts reads;
  texts events;
  bool waits = false;
};

const std::vector<plain_case> cases{
    // Each read is a message.
    {{"hello"}, {"hello"}},
    {{"hel", "lo"}, {"hel", "lo"}},
    {{"stop"}, {"stop"}},
    {{"\xff\x00"}, {"\xff"}},
    // Pings.
    {{"ping"}, {"<pong>"}},
    {{"pingping"}, {"<pongpong>"}},
    {{"ping\n"}, {"<pong\n>"}},
    {{"ping\r\n"}, {"<pong\r\n>"}},
    {{"pingping\r\n"}, {"<pongpong\r\n>"}},
    {{"ping\nping\r\n"}, {"<pong\n>", "<pong\r\n>"}},
    {{"ping", "ping"}, {"<pong>", "<pong>"}},
    // Not quite.
    {{"pinging"}, {"pinging"}},
    {{"pinghello"}, {"pinghello"}},
    {{"helloping"}, {"helloping"}},
    {{"ping ping"}, {"ping ping"}},
    {{"Ping"}, {"Ping"}},
    {{" ping\n"}, {" ping"}},
    // Held until more comes.
    {{"p"}, {}, true},
    {{"pi"}, {}, true},
    {{"pin"}, {}, true},
    {{"pingp"}, {}, true},
    {{"ping\r"}, {}, true},
    {{"p", "i", "n", "g"}, {"<pong>"}},
    {{"pi", "ng"}, {"<pong>"}},
    {{"pin", "k"}, {"pink"}},
    {{"p", "ing\r", "\n"}, {"<pong\r\n>"}},
    {{"pingpi", "ng"}, {"<pongpong>"}},
    // Held until patience is over.
    {{"p", "…"}, {"p"}},
    {{"pin", "…", "g"}, {"pin", "g"}},
    {{"pingpi", "…"}, {"pingpi"}},
    {{"ping\r", "…"}, {"<pong\r>"}},
    // Lines, from the first LF on.
    {{"hello\n"}, {"hello"}},
    {{"hello\r\n"}, {"hello"}},
    {{"a\nb\nc"}, {"a", "b"}},
    {{"a\nb", "c\n"}, {"a", "bc"}},
    {{"a\n", "b", "c", "\n"}, {"a", "bc"}},
    {{"\n\r\n\n"}, {}},
    {{"\r"}, {}},
    {{"a\n\nb\n"}, {"a", "b"}},
    {{"hel", "lo\n"}, {"hel", "lo"}},
    {{"a\n", "p", "ing\n"}, {"a", "<pong\n>"}},
    {{"a\n", "pinging\n"}, {"a", "pinging"}},
    {{"a\n", "p"}, {"a"}},
    // A client that ends its lines and not its pings.
    {{"a\n", "ping"}, {"a"}, true},
    {{"a\n", "ping", "…"}, {"a", "<pong>"}},
    {{"a\n", "ping", "ing\n"}, {"a", "pinging"}},
    {{"a\n", "ping", "…", "b\n"}, {"a", "<pong>", "b"}},
};

}  // namespace

TEST_CASE("plain: reads and lines become messages and answers as the table says") {
  for (const auto& one : cases) {
    plain_reader in;
    std::string shown;
    for (const auto& read : one.reads) {
      shown += "[" + read + "]";
    }
    INFO(shown);
    CHECK(hear(one.reads, in) == one.events);
    CHECK(in.wants_timer() == one.waits);
  }
}

TEST_CASE("plain: lines mean the same however they are cut") {
  const std::string stream = "first\nping\r\npinging\n\nping\nlast\r\n";
  const texts expected{"first", "<pong\r\n>", "pinging", "<pong\n>", "last"};
  plain_reader settled;
  REQUIRE(hear({"\n"}, settled).empty());
  for (std::size_t first = 0; first <= stream.size(); ++first) {
    for (std::size_t second = first; second <= stream.size(); ++second) {
      auto in = settled;
      CHECK(hear({stream.substr(0, first), stream.substr(first, second - first),
                  stream.substr(second)},
                 in) == expected);
    }
  }
}

TEST_CASE("plain: only a client that has sent ping is expected to go on") {
  plain_reader in;
  REQUIRE(hear({"hello", "pinging"}, in).size() == 2);
  CHECK_FALSE(in.pinged());
  REQUIRE(hear({"ping"}, in).size() == 1);
  CHECK(in.pinged());
}

TEST_CASE("plain: a line of 4 KiB is a message, and one byte more is a violation") {
  const std::string longest(max_plain_line_bytes, 'x');
  const auto ignore = [](const plain_event&) {};
  plain_reader reads;
  CHECK(hear({longest}, reads) == texts{longest});
  plain_reader lines;
  CHECK(hear({longest + "\r\n", longest, "\r", "\n"}, lines) == texts{longest, longest});

  for (const std::string& beyond : {longest + "x", longest + "x\n", "a\n" + longest + "x"}) {
    plain_reader in;
    const auto broken = in.feed(as_bytes(beyond), ignore);
    REQUIRE(broken);
    CHECK(broken->code == close_code::frame_too_large);
  }
  plain_reader drop_by_drop;
  REQUIRE_FALSE(drop_by_drop.feed(as_bytes("a\n" + longest), ignore));
  CHECK(drop_by_drop.feed(as_bytes("x"), ignore));
}

TEST_CASE("plain: a room's line cannot be forged by a line feed or an escape in the text") {
  CHECK(as_text(encode_plain_line("ann", "hi").bytes()) == "ann: hi\n");
  CHECK(as_text(encode_plain_line("", "hi").bytes()) == "hi\n");
  CHECK(as_text(encode_plain_line("ann", "hi\nbob: yes\x1b[2J").bytes()) ==
        "ann: hi bob: yes [2J\n");
  CHECK(encode_plain_line("ann", std::string(9000, 'x')).size() == max_plain_line_bytes + 1);
}
