#include "byssus/protocol/plain_client.hpp"

#include "byssus/tests/catch.hpp"

#include <string>
#include <vector>

using namespace byssus::protocol;
using texts = std::vector<std::string>;

namespace {

/// Feeds reads; data comes out as it is, an answer as `<pong>`; `…` is a flush, `?` is a ping sent.
texts hear(const texts& reads, plain_client& in) {
  texts events;
  const auto note = [&events](const plain_client_event& event) {
    events.push_back(event.what == plain_client_event::kind::pong ? "<pong>"
                                                                  : std::string{event.text});
  };
  for (const auto& read : reads) {
    if (read == "?") {
      in.on_ping_sent();
    } else if (read == "…") {
      REQUIRE(in.wants_timer());
      in.flush(note);
    } else {
      in.feed(as_bytes(read), note);
    }
  }
  return events;
}

struct client_case {
  texts reads;
  texts events;
  bool waits = false;
};

const std::vector<client_case> cases{
    // Nothing outstanding: all is data, at once.
    {{"pong"}, {"pong"}},
    {{"po"}, {"po"}},
    // One outstanding: the first or last pong is the answer.
    {{"?", "pong"}, {"<pong>"}},
    {{"?", "pong\n"}, {"<pong>"}},
    {{"?", "pong\r\n"}, {"<pong>"}},
    {{"?", "pongdata"}, {"<pong>", "data"}},
    {{"?", "pong\r\ndata\n"}, {"<pong>", "data\n"}},
    {{"?", "datapong"}, {"data", "<pong>"}},
    {{"?", "data\npong\r\n"}, {"data\n", "<pong>"}},
    {{"?", "a pong b"}, {"a pong b"}},
    {{"?", "data"}, {"data"}},
    {{"?", "pongpong"}, {"<pong>", "pong"}},
    {{"?", "pong", "pong"}, {"<pong>", "pong"}},
    {{"?", "?", "pongpong"}, {"<pong>", "<pong>"}},
    {{"?", "?", "pongxpong"}, {"<pong>", "x", "<pong>"}},
    // Cut by the network.
    {{"?", "p"}, {}, true},
    {{"?", "po", "ng"}, {"<pong>"}},
    {{"?", "p", "o", "n", "g"}, {"<pong>"}},
    {{"?", "datapo", "ng"}, {"data", "<pong>"}},
    {{"?", "datap", "o", "ngmore"}, {"data", "<pong>", "more"}},
    {{"?", "stop", "here"}, {"stop", "here"}},
    {{"?", "stop", "pong"}, {"stop", "<pong>"}},
    {{"?", "stop", "…"}, {"stop"}},
    {{"?", "po", "…", "ng"}, {"po", "ng"}},
    {{"?", "pop", "ong"}, {"po", "<pong>"}},
};

}  // namespace

TEST_CASE("plain_client: pongs are told from data as the table says") {
  for (const auto& one : cases) {
    plain_client in;
    std::string shown;
    for (const auto& read : one.reads) {
      shown += "[" + read + "]";
    }
    INFO(shown);
    CHECK(hear(one.reads, in) == one.events);
    CHECK(in.wants_timer() == one.waits);
  }
}

TEST_CASE("plain_client: one answer settles one ping") {
  plain_client in;
  in.on_ping_sent();
  in.on_ping_sent();
  REQUIRE(hear({"pong"}, in) == texts{"<pong>"});
  CHECK(in.outstanding() == 1);
}

TEST_CASE(
    "plain_client: a line end that comes after its pong belongs to it, where pings are lines") {
  for (const std::string end : {"\n", "\r\n"}) {
    plain_client lines{true};
    CHECK(hear({"?", "pong", end, end + "x"}, lines) == texts{"<pong>", end + "x"});
    CHECK(hear({"?", "pong", end + "x"}, lines) == texts{"<pong>", "x"});
    CHECK(hear({"?", "pong" + end, end + "x"}, lines) == texts{"<pong>", end + "x"});
    CHECK(hear({"?", "pong", "x" + end}, lines) == texts{"<pong>", "x" + end});
    plain_client words;
    CHECK(hear({"?", "pong", end + "x"}, words) == texts{"<pong>", end + "x"});
  }
}

TEST_CASE("plain_client: wherever the network cuts it, a pong line is one pong and no data") {
  for (const std::string said : {"pong\r\n", "x\npong\r\n", "pong\n", "x\npong\n"}) {
    for (std::size_t first = 0; first <= said.size(); ++first) {
      for (std::size_t second = first; second <= said.size(); ++second) {
        const texts reads{"?", said.substr(0, first), said.substr(first, second - first),
                          said.substr(second)};
        INFO(reads[1] << '|' << reads[2] << '|' << reads[3]);
        plain_client lines{true};
        std::string heard;
        for (const auto& event : hear(reads, lines))
          heard += event;
        CHECK(heard == (said.starts_with('x') ? "x\n<pong>" : "<pong>"));
        CHECK_FALSE(lines.wants_timer());
        CHECK(hear({"\nmore"}, lines) == texts{"\nmore"});
      }
    }
  }
}

TEST_CASE("plain_client: a CR that does not end the read of its pong is data") {
  plain_client lines{true};
  CHECK(hear({"?", "pong\rx"}, lines) == texts{"<pong>", "\rx"});
  CHECK(hear({"?", "pong", "\rx"}, lines) == texts{"<pong>", "\rx"});
  CHECK(hear({"?", "pong\r", "x\n"}, lines) == texts{"<pong>", "x\n"});
  CHECK(hear({"?", "pong\r", "\r\n"}, lines) == texts{"<pong>", "\r\n"});
  plain_client words;
  CHECK(hear({"?", "pong\r", "\n"}, words) == texts{"<pong>", "\r", "\n"});
}

TEST_CASE("plain_client: what is held for a ping that is given up is shown with the next read") {
  plain_client in;
  CHECK(hear({"?", "po"}, in).empty());
  in.on_ping_given_up();
  CHECK(hear({"n"}, in) == texts{"pon"});
  CHECK_FALSE(in.wants_timer());
}

TEST_CASE("plain_client: a ping that is given up takes no pong") {
  plain_client in;
  in.on_ping_sent();
  in.on_ping_sent();
  in.on_ping_given_up();
  CHECK(hear({"pong", "pong"}, in) == texts{"<pong>", "pong"});
}

TEST_CASE("plain_client: a ping sent while an answer is shown counts for the rest of the read") {
  plain_client in;
  in.on_ping_sent();
  texts events;
  in.feed(as_bytes("pongpong"), [&](const plain_client_event& event) {
    events.push_back(event.what == plain_client_event::kind::pong ? "<pong>"
                                                                  : std::string{event.text});
    if (events.size() == 1) {
      in.on_ping_sent();
    }
  });
  CHECK(events == texts{"<pong>", "<pong>"});
  CHECK(in.outstanding() == 0);
}
