#include "choices.hpp"

#include "byssus/protocol/names.hpp"

namespace byssus::fuzz {

namespace {

using namespace protocol;
using std::chrono::milliseconds;

position some_position(input& in) {
  position place;
  place.epoch = some_number(in);
  place.offset = some_number(in);
  return place;
}

}  // namespace

std::string some_name(input& in) {
  const std::string names[] = {"lobby", "den", "witness", "", "n\xc3\xa4me", std::string(255, 'n')};
  const auto which = in.up_to(std::size(names));
  return which < std::size(names) ? names[which] : in.text();
}

std::string some_text(input& in) {
  switch (in.up_to(3)) {
    case 0:
    case 1:
      return some_name(in);
    case 2:
      return in.text();
    default:
      break;
  }
  return some_run(in, 257);
}

std::string some_run(input& in, std::size_t step) {
  const auto bytes = step * in.byte();
  return std::string(bytes, static_cast<char>(in.byte()));
}

std::vector<std::string> some_texts(input& in) {
  const auto choice = in.byte();
  if (choice >= 128)
    return std::vector<std::string>(choice - 128u, some_name(in));
  std::vector<std::string> texts;
  for (auto left = choice % 4; left > 0; --left)
    texts.push_back(some_text(in));
  return texts;
}

std::uint64_t some_number(input& in, std::uint64_t least, std::uint64_t most) {
  switch (in.up_to(7)) {
    case 1:
      return least;
    case 2:
      return least - 1;
    case 3:
      return most;
    case 4:
      return most + 1;
    case 5:
      return in.number();
    default:
      return least + in.number() % (most - least + 1);
  }
}

std::string spoilt(std::string bytes, input& in) {
  if (bytes.empty())
    return bytes;
  const auto place = static_cast<std::size_t>(in.number() % bytes.size());
  if (const auto change = in.byte(); change != 0)
    bytes[place] = static_cast<char>(bytes[place] ^ change);
  else
    bytes.resize(place);
  return bytes;
}

hello some_hello(input& in) {
  hello greeting;
  greeting.name = some_name(in);
  if (!is_utf8(greeting.name))
    greeting.name.clear();
  greeting.heartbeat = milliseconds{10 + 40 * in.up_to(255)};
  greeting.window = {1 + in.up_to(64), 1024 + 64 * in.up_to(255)};
  if (in.up_to(3) == 3)
    greeting.window = {};
  if (in.up_to(3) == 3)
    greeting.resume = resume_request{"token", in.number() & max_number, 1};
  return greeting;
}

welcome some_welcome(input& in) {
  welcome answer;
  answer.features = some_texts(in);
  answer.heartbeat = milliseconds{some_number(in, 10, 86'400'000)};
  answer.limits.frame_bytes = some_number(in, min_frame_bytes, max_frame_bytes);
  answer.limits.message_bytes = some_number(in, 1024, 1u << 30);
  answer.window.frames = some_number(in, 1, 1'000'000);
  answer.window.bytes = some_number(in, 1024, 1u << 30);
  answer.name = some_name(in);
  answer.session = some_text(in);
  answer.resumed = in.up_to(1) == 1;
  answer.received = some_number(in);
  answer.reason = some_text(in);
  return answer;
}

subscribe some_subscribe(input& in) {
  subscribe request{some_name(in), {}};
  if (in.up_to(1) == 0)
    request.since = some_position(in);
  return request;
}

unsubscribe some_unsubscribe(input& in) {
  return {some_text(in)};
}

subscribed some_subscribed(input& in) {
  return {some_name(in), some_position(in)};
}

receipt some_receipt(input& in) {
  return {some_number(in), some_name(in), some_position(in)};
}

gap some_gap(input& in) {
  gap loss{some_name(in), some_number(in), 0, {}};
  loss.to = some_number(in, loss.from & max_number);
  loss.reason = some_text(in);
  return loss;
}

presence_request some_presence_request(input& in) {
  return {some_text(in)};
}

presence some_presence(input& in) {
  return {some_name(in), some_number(in), some_texts(in)};
}

request_error some_error(input& in) {
  return {some_text(in), some_number(in), some_name(in), some_text(in), some_text(in)};
}

goaway some_goaway(input& in) {
  goaway farewell;
  farewell.code =
      close_code{static_cast<std::uint16_t>(some_number(in, first_close_code, last_close_code))};
  farewell.return_window = milliseconds{some_number(in, 0, 3'600'000)};
  farewell.endpoints = some_texts(in);
  farewell.resumable = in.up_to(1) == 1;
  return farewell;
}

}  // namespace byssus::fuzz
