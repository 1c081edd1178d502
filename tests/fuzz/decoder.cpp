#include "byssus/protocol/decoder.hpp"

#include "byssus/protocol/fragments.hpp"

#include "support/cuts.hpp"
#include "support/heap.hpp"
#include "support/promise.hpp"
#include "support/reach.hpp"
#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

/// Decoder and reassembler: however a stream is cut, the same frames, the same messages, the same
/// violation; and never more memory than twice what was received.
///
/// Input: one byte that chooses the limits, then the stream; with its highest bit set, only the
/// header of the stream's first frame, whose body is made up, and what follows it.
namespace byssus::fuzz {

namespace {

using protocol::byte_view;

struct sizes {
  std::size_t frame_bytes;
  std::size_t message_bytes;
};

sizes limits_of(std::byte choice) noexcept {
  constexpr std::size_t frames[] = {protocol::min_frame_bytes,
                                    protocol::max_frame_bytes_before_welcome,
                                    protocol::max_frame_bytes, 64};
  constexpr std::size_t messages[] = {1024, 100, protocol::default_message_bytes, 0};
  const auto number = std::to_integer<std::size_t>(choice);
  return {frames[number % 4], messages[number / 4 % 4]};
}

reach whole_messages{"a whole message"};
reach continued_frames{"a frame that is continued"};
reach long_frames{"a frame of more than 64 KiB"};
reach cut_streams{"a stream that ends within a frame"};
reach broken_frames{"a frame that breaks a rule"};
reach broken_messages{"a message that breaks a rule"};

/// What the input says, with the body that its first header claims, so that few bytes make a frame
/// of any length.
std::string stream_of(byte_view said, bool body_made_up) {
  std::string stream{protocol::as_text(said)};
  if (!body_made_up || said.size() < protocol::header_bytes)
    return stream;
  std::size_t claimed = 0;
  for (const auto byte : said.first(4))
    claimed = claimed << 8 | std::to_integer<std::size_t>(byte);
  const auto made_up = std::min(claimed, protocol::max_frame_bytes);
  return stream.insert(protocol::header_bytes, made_up, stream.back());
}

struct observed {
  std::vector<std::tuple<protocol::frame_type, std::uint8_t, std::string>> frames;
  std::vector<std::pair<protocol::frame_type, std::string>> messages;
  std::optional<protocol::violation> broken;
  std::optional<protocol::violation> broken_message;
  bool partial = false;

  friend bool operator==(const observed&, const observed&) = default;
};

/// One receiver, who writes down all that it is shown.
class receiver {
public:
  receiver(sizes limits, byte_view stream) : stop_(stream) {
    decoder_.limit(limits.frame_bytes);
    reassembler_.limit(limits.message_bytes);
    limit_ = limits;
  }

  bool feed(byte_view piece, bool may_stop) {
    while (true) {
      const auto outcome = decoder_.feed(
          piece, [&](const protocol::frame_view& frame) { return take(frame, may_stop); });
      promise(outcome.consumed <= piece.size(), "no more is consumed than was fed");
      promise(outcome.stopped || outcome.broken || outcome.consumed == piece.size(),
              "all is consumed unless the visitor stops or the peer is wrong");
      seen_.broken = outcome.broken;
      if (!outcome.stopped)
        break;
      piece = piece.subspan(outcome.consumed);
    }
    promise(decoder_.partial_bytes() < limit_.frame_bytes, "what is kept is less than a frame");
    promise(reassembler_.collected_bytes() <= limit_.message_bytes,
            "what is collected is within the limit");
    return !seen_.broken;
  }

  const observed& end() {
    seen_.partial = !seen_.broken && decoder_.has_partial();
    return seen_;
  }

private:
  protocol::flow take(const protocol::frame_view& frame, bool may_stop) {
    promise(frame.whole.size() <= limit_.frame_bytes, "a frame is within the limit");
    promise(frame.whole.size() == protocol::header_bytes + frame.body.size(),
            "header and body are the whole frame");
    seen_.frames.emplace_back(frame.type, frame.flags, protocol::as_text(frame.body));
    if (!seen_.broken_message) {
      seen_.broken_message = reassembler_.feed(frame, [&](const protocol::whole_body& whole) {
        promise(!protocol::is_counted(whole.type) || whole.body.size() <= limit_.message_bytes,
                "a message is within the limit");
        seen_.messages.emplace_back(whole.type, protocol::as_text(whole.body));
      });
    }
    return may_stop && stop_.up_to(2) == 0 ? protocol::flow::stop : protocol::flow::go_on;
  }

  protocol::decoder decoder_;
  protocol::reassembler reassembler_;
  dice stop_;
  sizes limit_{};
  observed seen_;
};

observed receive(byte_view stream, sizes limits, cutting way) {
  receiver one{limits, stream};
  in_pieces(stream, way, [&](byte_view piece) { return one.feed(piece, way != cutting::whole); });
  return one.end();
}

/// Nothing is written down here, so that what the heap gains is the decoder's.
void expect_little_memory(byte_view stream, sizes limits, cutting way) {
  constexpr std::size_t rounding = 64;  // of malloc, and a vector's first capacity
  protocol::decoder decoder;
  decoder.limit(limits.frame_bytes);
  const auto before = heap::live_bytes();
  in_pieces(stream, way, [&](byte_view piece) {
    const bool sound = !decoder.feed(piece, [](const protocol::frame_view&) {}).broken;
    promise(!sound || heap::live_bytes() <= before + 2 * decoder.partial_bytes() + rounding,
            "the decoder keeps at most twice what was received of a frame");
    promise(decoder.has_partial() || heap::live_bytes() == before,
            "a decoder between two frames holds no memory of its own");
    return sound;
  });
}

void count(const observed& seen) {
  whole_messages.count(!seen.messages.empty());
  for (const auto& [type, flags, body] : seen.frames) {
    continued_frames.count((flags & protocol::flag_more) != 0);
    long_frames.count(body.size() > 64 * 1024);
  }
  cut_streams.count(seen.partial);
  broken_frames.count(seen.broken.has_value());
  broken_messages.count(seen.broken_message.has_value());
}

}  // namespace

}  // namespace byssus::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace byssus::fuzz;
  if (size == 0)
    return 0;
  const auto limits = limits_of(std::byte{*data});
  const auto bytes = stream_of(view_of(data + 1, size - 1), *data >= 128);
  const auto stream = byssus::protocol::as_bytes(bytes);
  const auto whole = receive(stream, limits, cutting::whole);
  count(whole);
  for (const auto way : all_cuttings) {
    // A frame of 256 KiB takes 0.36 s byte by byte under the sanitizers, in pieces 0.03 s.
    if (way == cutting::single_bytes && stream.size() > 8 * 1024)
      continue;
    promise(receive(stream, limits, way) == whole, "any pieces say the same");
    expect_little_memory(stream, limits, way);
  }
  return 0;
}
