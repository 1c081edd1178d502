#pragma once

#include "byssus/protocol/close_code.hpp"

#include "json_body.hpp"

/// The fields of each JSON body, as the parsers read them; ranges are those of the protocol.
namespace byssus::fuzz::shapes {

using enum field::kind;

inline constexpr std::uint64_t gigabyte = std::uint64_t{1} << 30;

inline constexpr field window[] = {{"frames", number, 1, 1'000'000},
                                   {"bytes", number, 1024, gigabyte}};
inline constexpr field limits[] = {
    {"frame_bytes", number, protocol::min_frame_bytes, protocol::max_frame_bytes},
    {"message_bytes", number, 1024, gigabyte}};
inline constexpr field resume[] = {
    {"token"}, {"received", number}, {"attempt", number, 1, protocol::max_number}};
inline constexpr field position[] = {{"epoch", number}, {"offset", number}};

inline constexpr field hello[] = {{"features", texts},
                                  {"heartbeat", number, 10, 86'400'000},
                                  {"publisher", number},
                                  {"name"},
                                  {"window", object, 0, 0, window},
                                  {"resume", object, 0, 0, resume}};
inline constexpr field welcome[] = {{"features", texts},
                                    {"heartbeat", number, 10, 86'400'000},
                                    {"limits", object, 0, 0, limits},
                                    {"window", object, 0, 0, window},
                                    {"name"},
                                    {"session"},
                                    {"resumed", truth},
                                    {"received", number},
                                    {"reason"}};

inline constexpr field subscribe[] = {{"room"}, {"since", object, 0, 0, position}};
inline constexpr field room_only[] = {{"room"}};
inline constexpr field subscribed[] = {{"room"}, {"epoch", number}, {"offset", number}};
inline constexpr field receipt[] = {
    {"number", number}, {"room"}, {"epoch", number}, {"offset", number}};
inline constexpr field gap[] = {{"room"}, {"from", number}, {"to", number}, {"reason"}};
inline constexpr field presence[] = {{"room"}, {"count", number}, {"names", texts}};
inline constexpr field error[] = {{"about"}, {"number", number}, {"room"}, {"code"}, {"reason"}};
inline constexpr field goaway[] = {
    {"code", number, protocol::first_close_code, protocol::last_close_code},
    {"return_window", number, 0, 3'600'000},
    {"endpoints", texts},
    {"resumable", truth}};

}  // namespace byssus::fuzz::shapes
