#pragma once

#include "byssus/protocol/control.hpp"
#include "byssus/protocol/handshake.hpp"

#include "input.hpp"
#include <string>
#include <vector>

/// Values that the input chooses, most of them valid; those of an input at its end are.
namespace byssus::fuzz {

/// The name of a room or client, mostly.
std::string some_name(input& in);

/// The same, other text, or a run of up to 65,535 bytes.
std::string some_text(input& in);

/// One byte so many times, a multiple of `step`: two bytes of input reach any limit.
std::string some_run(input& in, std::size_t step);

/// Few of them, or one up to 127 times.
std::vector<std::string> some_texts(input& in);

/// From `least` to `most`, an end of this range or one beside it, or any number at all.
std::uint64_t some_number(input& in, std::uint64_t least = 0,
                          std::uint64_t most = protocol::max_number);

/// `bytes` with one of them changed, or their end cut off.
std::string spoilt(std::string bytes, input& in);

/// Without features and a publisher.
protocol::hello some_hello(input& in);
protocol::welcome some_welcome(input& in);

protocol::subscribe some_subscribe(input& in);
protocol::unsubscribe some_unsubscribe(input& in);
protocol::subscribed some_subscribed(input& in);
protocol::receipt some_receipt(input& in);
protocol::gap some_gap(input& in);
protocol::presence_request some_presence_request(input& in);
protocol::presence some_presence(input& in);
protocol::request_error some_error(input& in);
protocol::goaway some_goaway(input& in);

}  // namespace byssus::fuzz
