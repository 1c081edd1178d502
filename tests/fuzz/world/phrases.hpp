#pragma once

#include "support/input.hpp"
#include <string>

namespace byssus::fuzz {

/// Preface and a hello whose fields the input chooses, most of them valid.
std::string some_greeting(input& in);

/// A frame of a type that the input chooses, with fields of that type.
std::string some_frame(input& in);

/// The same with a byte changed, or its end cut off.
std::string some_spoilt_frame(input& in);

/// What a plain client might say.
std::string some_words(input& in);

}  // namespace byssus::fuzz
