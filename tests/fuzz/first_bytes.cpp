#include "byssus/protocol/first_bytes.hpp"

#include "byssus/protocol/handshake.hpp"

#include "support/cuts.hpp"
#include "support/promise.hpp"
#include "support/reach.hpp"
#include <algorithm>
#include <string_view>

/// First bytes and preface: the verdict is that of the whole, however it is cut, and what the
/// README of the protocol says.
///
/// Input: what a stranger sends.
namespace byssus::fuzz {

namespace {

using protocol::byte_view;
using protocol::language;

/// By their number.
reach languages[] = {reach{"too little to tell"}, reach{"our own protocol"}, reach{"TLS"},
                     reach{"HTTP"}, reach{"a plain client"}};
reach whole_prefaces{"a whole preface"};
reach wrong_prefaces{"a wrong preface"};

/// The README's sentence about the one port, on the whole stream.
language as_written(std::string_view said) {
  constexpr std::string_view get = "GET ";
  if (said.starts_with('\xf5'))
    return language::byssus;
  if (said.starts_with('\x16'))
    return language::tls;
  if (said.starts_with(get))
    return language::http;
  return get.starts_with(said) ? language::undecided : language::plain;
}

language decided(byte_view stream, cutting way) {
  protocol::first_bytes judge;
  in_pieces(stream, way, [&](byte_view piece) {
    const auto before = judge.verdict();
    promise(judge.feed(piece) == judge.verdict(), "the verdict is what feed said");
    promise(before == language::undecided || judge.verdict() == before, "a verdict stands");
    return true;
  });
  const auto verdict = judge.verdict();
  promise(judge.give_up() == (verdict == language::undecided ? language::plain : verdict),
          "whoever is undecided speaks plain in the end");
  return verdict;
}

struct preface_outcome {
  std::size_t taken = 0;
  std::optional<protocol::violation> broken;
  bool done = false;

  friend bool operator==(const preface_outcome&, const preface_outcome&) = default;
};

preface_outcome read_preface(byte_view stream, cutting way) {
  protocol::preface_reader reader;
  preface_outcome outcome;
  in_pieces(stream, way, [&](byte_view piece) {
    const auto taken = reader.feed(piece);
    if (!taken) {
      outcome.broken = taken.error();
      return false;
    }
    promise(*taken == piece.size() || reader.done(), "all is taken up to the end of the preface");
    outcome.taken += *taken;
    return *taken == piece.size();
  });
  outcome.done = reader.done();
  if (outcome.broken)
    outcome.taken = 0;  // how much of a wrong preface was taken is nobody's business
  return outcome;
}

void expect_as_written(byte_view stream, const preface_outcome& outcome) {
  const auto [right, given] = std::ranges::mismatch(protocol::preface, stream);
  const auto same = static_cast<std::size_t>(given - stream.begin());
  promise(outcome.done == (right == protocol::preface.end()), "done means that all was right");
  promise(outcome.broken.has_value() == (!outcome.done && given != stream.end()),
          "the first wrong byte is a violation");
  if (outcome.broken)
    promise((outcome.broken->code == protocol::close_code::unsupported_version) ==
                (same + 1 == protocol::preface.size()),
            "the last byte is the version");
  else
    promise(outcome.taken == same, "what is taken is the preface");
}

void count(byte_view stream, const preface_outcome& outcome) {
  languages[static_cast<std::size_t>(as_written(protocol::as_text(stream)))].count();
  whole_prefaces.count(outcome.done);
  wrong_prefaces.count(outcome.broken.has_value());
}

}  // namespace

}  // namespace byssus::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace byssus::fuzz;
  const auto stream = view_of(data, size);
  const auto outcome = read_preface(stream, cutting::whole);
  expect_as_written(stream, outcome);
  count(stream, outcome);
  for (const auto way : all_cuttings) {
    promise(decided(stream, way) == as_written(byssus::protocol::as_text(stream)),
            "the language is the one that the README names");
    promise(read_preface(stream, way) == outcome, "a preface in pieces is the same preface");
  }
  return 0;
}
