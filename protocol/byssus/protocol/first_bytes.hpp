#pragma once

#include "byssus/protocol/bytes.hpp"
#include "byssus/protocol/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace byssus::protocol {

/// What a stranger speaks.
enum class language : std::uint8_t {
  undecided,  ///< Too little was heard so far.
  byssus,     ///< First byte F5; `preface_reader` comes next.
  tls,        ///< First byte 16: a TLS handshake record (RFC 8446, section 5.1).
  http,       ///< `GET `: HTTP or a WebSocket upgrade.
  plain,      ///< Anything else.
};

/// Tells from its first bytes what a connection speaks. It consumes nothing: the caller keeps what
/// it read for whoever comes next. The timer of `first_bytes_patience` is the caller's, too.
///
/// A client that stayed silent and became a plain listener may be asked again with a fresh
/// `first_bytes` when it does speak, as long as nothing was written to it.
class first_bytes {
public:
  /// Takes the next bytes as they came; returns the verdict, which stands once it is not
  /// `undecided`.
  language feed(byte_view bytes) noexcept;

  /// Call when patience is over: whoever is undecided speaks plain.
  language give_up() noexcept;

  /// The last verdict; `undecided` at first.
  [[nodiscard]] language verdict() const noexcept { return verdict_; }

private:
  language verdict_ = language::undecided;
  std::uint8_t seen_of_get_ = 0;
};

/// Checks the preface, byte by byte, however it is cut.
class preface_reader {
public:
  /// Takes bytes up to the end of the preface and returns how many; the rest belongs to the
  /// decoder. Fails with `bad_preface` at the first wrong byte, with `unsupported_version` at the
  /// last.
  result<std::size_t> feed(byte_view bytes);

  /// True when all eight bytes have come, and were right.
  [[nodiscard]] bool done() const noexcept;

private:
  std::uint8_t seen_ = 0;
};

}  // namespace byssus::protocol
