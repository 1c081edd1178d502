#pragma once

#include "byssus/actors/links/messages.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>

/// \file
/// Services that a node answers where the call arrives, without a message between actors.

namespace byssus {

/// What a client asks a service. All of it is valid during the call only.
struct service_call {
  std::string_view service;        ///< the name by which it is called
  std::string_view client;         ///< the caller's name
  content kind = content::binary;  ///< how `payload` is meant to be read
  std::string_view payload;  ///< as the client sent it, put together if it came in several frames
};

/// Where a service puts what it answers; valid during the call only. The first answer counts, later
/// ones are ignored.
class service_answer {
public:
  /// Sends `payload` back, in several frames if it is long. It is copied. At most as long as
  /// messages may be at this node, 768 KiB by default (`node_rules::offer`); to a longer one the
  /// caller gets the error `too_large` instead.
  virtual void reply(content kind, std::string_view payload) = 0;

  /// Says that the call failed: `code` is a word for programs (1–64 characters of `a–z 0–9 _`),
  /// `reason` one line for people. For a `code` that is no such word the caller gets `failed`, with
  /// a reason that says so.
  virtual void refuse(std::string_view code, std::string_view reason) = 0;

protected:
  ~service_answer() = default;
};

/// Answers calls, on the reactor of each caller's connection and possibly on several reactors at a
/// time: it must not block, and what takes longer than some microseconds delays all other
/// connections of that reactor, their heartbeats included. One that returns without an answer, or
/// throws (anything), is answered for by `failed`.
using inline_service = std::function<void(const service_call& call, service_answer& answer)>;

/// The services of a node, by name; each of its reactors has a copy.
using inline_services = std::map<std::string, inline_service, std::less<>>;

}  // namespace byssus
