#include "raw_client.hpp"

#include <cstdlib>

namespace byssus::testing {

namespace {

constexpr std::string_view plain_farewell = "closed: ";

}  // namespace

raw_client::raw_client(reactor& home, const endpoint& node)
    : dial_(home.dialer().start(node, {}, *this)) {}

raw_client& raw_client::send(std::string_view bytes) {
  if (!socket_)
    early_ += bytes;
  else if (!socket_->send(protocol::as_bytes(bytes), lane::bulk))
    closed_ = true;
  return *this;
}

raw_client& raw_client::greet(const std::string& name, const protocol::window& window) {
  protocol::hello hello;
  hello.name = name;
  hello.window = window;
  return send(protocol::encode_preface()).send(protocol::encode_hello(hello));
}

void raw_client::hang_up() {
  socket_.reset();
  dial_.reset();
  closed_ = true;
}

void raw_client::on_dialed(std::unique_ptr<transport> fresh) {
  socket_ = std::move(fresh);
  socket_->attach(*this);
  if (!early_.empty())
    send(std::exchange(early_, {}));
}

void raw_client::on_dial_failed(errc, std::string_view) {
  closed_ = true;
}

void raw_client::on_ended() {
  ended_ = true;
  socket_->close();
}

std::vector<raw_client::received> raw_client::frames() const {
  std::vector<received> all;
  protocol::decoder decoder;
  decoder.limit(protocol::max_frame_bytes);
  (void)decoder.feed(protocol::as_bytes(bytes_), [&all](const protocol::frame_view& frame) {
    all.push_back({frame.type, std::string{protocol::as_text(frame.body)}});
  });
  return all;
}

std::size_t raw_client::count(protocol::frame_type type) const {
  std::size_t seen = 0;
  for (const auto& frame : frames())
    seen += frame.type == type ? 1 : 0;
  return seen;
}

std::optional<raw_client::received> raw_client::last(protocol::frame_type type) const {
  std::optional<received> found;
  for (auto& frame : frames()) {
    if (frame.type == type)
      found = frame;
  }
  return found;
}

std::optional<protocol::close_code> raw_client::code() const {
  // The last of these: others may have said the same in a room.
  if (const auto line = bytes_.rfind(plain_farewell);
      line != std::string::npos && bytes_.ends_with('\n'))
    return protocol::close_code(std::atoi(bytes_.c_str() + line + plain_farewell.size()));
  const auto farewell = last(protocol::frame_type::close);
  if (!farewell)
    return std::nullopt;
  const auto parsed = protocol::parse_close(protocol::as_bytes(farewell->body));
  return parsed ? std::optional{parsed->code} : std::nullopt;
}

std::vector<std::string> raw_client::messages(std::string_view room) const {
  std::vector<std::string> found;
  for (const auto& frame : frames()) {
    if (frame.type != protocol::frame_type::message)
      continue;
    const auto message = protocol::parse_message(protocol::as_bytes(frame.body));
    if (message && message->room == room)
      found.push_back(std::to_string(message->offset) + ' ' + std::string{message->sender} + ": " +
                      std::string{protocol::as_text(message->payload)});
  }
  return found;
}

std::string header(std::uint32_t body_bytes, std::uint8_t type, std::uint8_t flags) {
  std::string head;
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    head += static_cast<char>(body_bytes >> shift & 0xffU);
  head += static_cast<char>(type);
  head += static_cast<char>(flags);
  return head;
}

std::string frame_of(protocol::frame_type type, std::string_view body) {
  return header(static_cast<std::uint32_t>(body.size()), static_cast<std::uint8_t>(type))
      .append(body);
}

protocol::frame publish(std::string_view room, std::string_view text, std::uint64_t number) {
  return protocol::encode_publish(
      {7, number, protocol::content_kind::text, room, protocol::as_bytes(text)});
}

}  // namespace byssus::testing
