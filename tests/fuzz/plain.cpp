#include "byssus/protocol/plain.hpp"

#include "byssus/protocol/limits.hpp"
#include "byssus/protocol/plain_client.hpp"

#include "support/cuts.hpp"
#include "support/heap.hpp"
#include "support/input.hpp"
#include "support/promise.hpp"
#include <string>
#include <utility>
#include <vector>

/// Plain mode, both sides: no byte is lost, nobody is answered more often than he asked, and among
/// lines the cuts of the network mean nothing.
///
/// Input: reads, each behind a byte of flags (a pause after it, a ping before it, the oldest ping
/// given up before it; with the first, pings that are lines), a count of repetitions and its
/// length.
namespace byssus::fuzz {

namespace {

using protocol::byte_view;
using protocol::max_plain_line_bytes;
using protocol::plain_client_event;
using protocol::plain_event;
using protocol::violation;

struct read {
  std::string bytes;
  bool ping_before = false;
  bool pause_after = false;
  bool gives_up_before = false;
  bool pings_are_lines = false;
};

std::vector<read> reads_of(byte_view bytes) {
  constexpr std::size_t most_bytes = 6 * 1024;
  std::vector<read> all;
  std::size_t total = 0;
  for (input in{bytes}; !in.at_end() && total < most_bytes;) {
    const auto flags = in.byte();
    const auto times = (flags & 4) != 0 ? 1 + in.up_to(255) : 1;
    const auto text = in.text();
    read one{{}, (flags & 1) != 0, (flags & 2) != 0, (flags & 8) != 0, (flags & 16) != 0};
    for (std::size_t i = 0; i < times && one.bytes.size() < most_bytes; ++i)
      one.bytes += text;
    total += one.bytes.size() + 1;
    if (!one.bytes.empty())
      all.push_back(std::move(one));
  }
  return all;
}

std::string without_line_ends(std::string text) {
  std::erase_if(text, [](char c) { return c == '\r' || c == '\n'; });
  return text;
}

/// What the answer answers.
std::string asked_by(std::string answer) {
  for (auto& c : answer)
    c = c == 'o' ? 'i' : c;
  return answer;
}

bool is_pings(std::string_view text) {
  while (text.starts_with("ping"))
    text.remove_prefix(4);
  return text.empty();
}

/// What a node makes of reads; `said` is all that was shown, with pings for their answers.
struct heard_by_node {
  std::vector<std::pair<plain_event::kind, std::string>> events;
  std::string said;
  std::optional<violation> broken;

  void operator()(const plain_event& event) {
    std::string text{event.text};
    if (event.what == plain_event::kind::answer) {
      const auto asked = asked_by(text);
      promise(is_pings(without_line_ends(asked)) && !asked.empty(), "an answer is pongs for pings");
      said += asked;
    } else {
      promise(!text.empty() && text.find('\n') == std::string::npos,
              "a message is not empty and has no LF");
      promise(!is_pings(text), "pings are no message");
      promise(text.size() <= max_plain_line_bytes, "a message is within the limit");
      said += text;
    }
    events.emplace_back(event.what, std::move(text));
  }

  friend bool operator==(const heard_by_node&, const heard_by_node&) = default;
};

/// Before the first LF, who pauses after each read says one message with each.
void expect_one_event(const heard_by_node& heard, std::size_t events_before, const read& one) {
  const auto text =
      one.bytes.ends_with('\r') ? one.bytes.substr(0, one.bytes.size() - 1) : one.bytes;
  if (text.empty())
    return promise(heard.events.size() == events_before, "an empty line is nothing");
  promise(heard.events.size() == events_before + 1, "each read is one message");
  const auto& [kind, said] = heard.events.back();
  promise(kind == plain_event::kind::answer ? asked_by(said) == one.bytes : said == text,
          "the message is what was read");
}

void try_reads(const std::vector<read>& reads) {
  protocol::plain_reader reader;
  heard_by_node heard;
  std::string fed;
  bool alone = true;  // no LF so far, and a pause since the last read
  for (const auto& one : reads) {
    const auto events = heard.events.size();
    alone = alone && one.bytes.find('\n') == std::string::npos;
    fed += one.bytes;
    heard.broken = reader.feed(protocol::as_bytes(one.bytes), heard);
    if (heard.broken)
      return promise(heard.broken->code == protocol::close_code::frame_too_large,
                     "plain mode has one violation");
    if (one.pause_after)
      reader.flush(heard);
    if (alone && one.pause_after)
      expect_one_event(heard, events, one);
    alone = alone && one.pause_after;
  }
  heard.broken = reader.feed(protocol::as_bytes("\n"), heard);
  if (!heard.broken)
    promise(without_line_ends(heard.said) == without_line_ends(fed), "no byte is lost or invented");
}

heard_by_node hear_lines(byte_view stream, cutting way) {
  protocol::plain_reader reader;
  heard_by_node heard;
  in_pieces(stream, way, [&](byte_view piece) {
    heard.broken = reader.feed(piece, heard);
    return !heard.broken;
  });
  reader.flush(heard);
  return heard;
}

void try_lines(const std::string& stream) {
  const auto whole = hear_lines(protocol::as_bytes(stream), cutting::whole);
  // A line that grows byte by byte is copied as often: for long ones pieces have to do.
  const auto finest = stream.size() > 1024 ? cutting::pieces : cutting::single_bytes;
  for (const auto way : {finest, cutting::pieces})
    promise(hear_lines(protocol::as_bytes(stream), way) == whole,
            "lines in pieces are the same lines");
}

/// Little is kept of whoever does not end his line, and nothing of whoever has.
void expect_little_memory(byte_view stream) {
  protocol::plain_reader reader;
  const auto before = heap::live_bytes();
  in_pieces(stream, cutting::pieces, [&](byte_view piece) {
    const bool sound = !reader.feed(piece, [](const plain_event&) {});
    promise(!sound || heap::live_bytes() <= before + max_plain_line_bytes + 64,
            "no more than a line is kept");
    return sound;
  });
  if (!reader.feed(protocol::as_bytes("\n"), [](const plain_event&) {}))
    promise(heap::live_bytes() == before, "an idle reader holds no memory of its own");
}

/// What `read` may come to when no ping is outstanding: itself, or among lines without a line end
/// in front, which was a pong's.
bool is_all_data(std::string_view shown, std::string_view read, bool lines) {
  if (!read.ends_with(shown))
    return false;
  const auto dropped = read.substr(0, read.size() - shown.size());
  return dropped.empty() ||
         (lines && (dropped == "\n" || dropped == "\r\n" || (dropped == "\r" && shown.empty())));
}

void try_client(const std::vector<read>& reads) {
  const bool lines = !reads.empty() && reads.front().pings_are_lines;
  protocol::plain_client client{lines};
  std::size_t pings = 0;
  std::size_t pongs = 0;
  std::size_t given_up = 0;
  std::string said;
  std::size_t data_bytes = 0;
  const auto show = [&](const plain_client_event& event) {
    pongs += event.what == plain_client_event::kind::pong ? 1 : 0;
    promise(pongs + given_up <= pings, "no more pongs than pings");
    promise((event.what == plain_client_event::kind::pong) == event.text.empty(),
            "data is never empty, and a pong has no text");
    said += event.what == plain_client_event::kind::pong ? "pong" : event.text;
    data_bytes += event.text.size();
  };
  std::string fed;
  for (const auto& one : reads) {
    if (one.ping_before) {
      client.on_ping_sent();
      ++pings;
    }
    if (one.gives_up_before && client.outstanding() > 0) {
      client.on_ping_given_up();
      ++given_up;
    }
    const bool nothing_to_ask = client.outstanding() == 0 && !client.wants_timer();
    const auto shown = said.size();
    fed += one.bytes;
    client.feed(protocol::as_bytes(one.bytes), show);
    promise(!nothing_to_ask || is_all_data(std::string_view{said}.substr(shown), one.bytes, lines),
            "without a ping all is data");
    promise(client.outstanding() == pings - pongs - given_up,
            "what is outstanding is what has no answer");
    promise(!client.wants_timer() || client.outstanding() > 0, "nothing is held without a ping");
    if (one.pause_after) {
      client.flush(show);
      promise(!client.wants_timer(), "after a pause nothing is held");
    }
  }
  client.flush(show);
  promise(without_line_ends(said) == without_line_ends(fed), "the client's bytes are all there");
  const auto line_ends = fed.size() - data_bytes - 4 * pongs;
  promise(line_ends <= 2 * pongs, "a pong takes no more than its own line end with it");
}

}  // namespace

}  // namespace byssus::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace byssus::fuzz;
  const auto reads = reads_of(view_of(data, size));
  try_reads(reads);
  try_client(reads);
  std::string stream = "\n";
  for (const auto& one : reads)
    stream += one.bytes;
  try_lines(stream);
  expect_little_memory(byssus::protocol::as_bytes(stream));
  return 0;
}
