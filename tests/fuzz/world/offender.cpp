#include "offender.hpp"

#include "byssus/protocol/handshake.hpp"

namespace byssus::fuzz {

void offender::send(const std::string& bytes, std::size_t& budget) {
  if (bytes.empty() || bytes.size() > budget || client_.ended())
    return;
  budget -= bytes.size();
  sent_ += bytes;
  last_ = bytes;
  client_.send(bytes);
}

void offender::send_again(std::size_t times, std::size_t& budget) {
  const auto again = last_;
  for (std::size_t i = 0; i < times; ++i)
    send(again, budget);
}

void offender::acknowledge(std::size_t& budget) {
  std::uint64_t counted = 0;
  for (const auto& frame : client_.frames())
    counted += protocol::is_counted(frame.type) ? 1 : 0;
  send(std::string{protocol::as_text(protocol::encode_ack(counted).bytes())}, budget);
}

void offender::hang_up() {
  excuse();
  client_.hang_up();
}

/// Who never said anything has no language to be told in; he hears nothing from a node that stops.
bool offender::was_told() const {
  if (excused_ || !client_.ended() || sent_.empty() || said_close())
    return true;
  const auto code = client_.code();
  return code && protocol::name(*code) != "unknown";
}

/// A node that is told goodbye says nothing in return.
bool offender::said_close() const {
  const auto preface = protocol::as_text(protocol::preface);
  if (!sent_.starts_with(preface))
    return false;
  bool found = false;
  protocol::decoder decoder;
  decoder.limit(protocol::max_frame_bytes);
  const auto frames = protocol::as_bytes(sent_).subspan(preface.size());
  static_cast<void>(decoder.feed(frames, [&found](const protocol::frame_view& frame) {
    found = found || frame.type == protocol::frame_type::close;
  }));
  return found;
}

}  // namespace byssus::fuzz
