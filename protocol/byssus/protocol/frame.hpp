#pragma once

#include "byssus/protocol/bytes.hpp"
#include "byssus/protocol/limits.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace byssus::protocol {

/// What a frame is. Bit 7: counted, both ends number such frames from 1. Bit 6: ignorable if
/// unknown. The numbers are part of the wire; `README.md` of this layer has the layout of every
/// body.
enum class frame_type : std::uint8_t {
  hello = 0x01,
  welcome = 0x02,
  ping = 0x03,
  pong = 0x04,
  ack = 0x05,
  goaway = 0x06,
  close = 0x07,
  subscribe = 0x81,
  unsubscribe = 0x82,
  subscribed = 0x83,
  publish = 0x84,
  receipt = 0x85,
  message = 0x86,
  direct = 0x87,
  gap = 0x88,
  call = 0x8a,
  reply = 0x8b,
  error = 0x8c,
  presence = 0xc9,
};

/// True for types that both ends number: bit 7.
[[nodiscard]] constexpr bool is_counted(frame_type type) noexcept {
  return (static_cast<std::uint8_t>(type) & 0x80u) != 0;
}

/// True for types that a receiver may pass over if it does not know them: bit 6.
[[nodiscard]] constexpr bool is_ignorable(frame_type type) noexcept {
  return (static_cast<std::uint8_t>(type) & 0x40u) != 0;
}

/// True if this version defines `type`.
[[nodiscard]] constexpr bool is_known(frame_type type) noexcept {
  const auto number = static_cast<std::uint8_t>(type);
  return (number >= 0x01 && number <= 0x07) || (number >= 0x81 && number <= 0x88) ||
         (number >= 0x8a && number <= 0x8c) || number == 0xc9;
}

/// The enumerator's name, as in `publish`; `unknown` for a type that this version does not define.
[[nodiscard]] std::string_view name(frame_type type) noexcept;

/// The flag that says: the payload continues in the next counted frame, which has the same type.
/// Legal on publish, message, direct, call and reply. The other flags are reserved: a sender leaves
/// them 0 until a feature that gives them a meaning was agreed, a receiver answers one with
/// `protocol_error`.
inline constexpr std::uint8_t flag_more = 0x01;

/// True for the types whose payload may continue in further frames.
[[nodiscard]] constexpr bool may_continue(frame_type type) noexcept {
  return type == frame_type::publish || type == frame_type::message || type == frame_type::direct ||
         type == frame_type::call || type == frame_type::reply;
}

/// A decoded frame that lies in somebody else's buffer.
struct frame_view {
  frame_type type{};       ///< as the header says, known or not
  std::uint8_t flags = 0;  ///< `flag_more` or none; others are a violation
  byte_view body{};        ///< what follows the header
  /// Header and body.
  byte_view whole{};

  /// Claims that the payload goes on in the next counted frame.
  [[nodiscard]] bool more() const noexcept { return (flags & flag_more) != 0; }
};

/// An encoded frame: immutable, encoded once, then shared by all who send it. Copying costs an
/// atomic increment; header, body and reference count are one allocation. Copies may live on
/// different threads; one `frame` object belongs to one thread at a time. Running out of memory
/// ends the process, as elsewhere.
class frame {
public:
  /// No frame: false, without bytes.
  frame() noexcept = default;

  /// Encodes a frame with a copy of `body`.
  /// @pre header and body are at most `max_frame_bytes` long.
  frame(frame_type type, byte_view body, std::uint8_t flags = 0);

  /// Encodes a frame in place: `fill` is called once, with the `body_bytes` bytes of the body to
  /// write to.
  /// @pre header and body are at most `max_frame_bytes` long.
  template <class Fill>
  [[nodiscard]] static frame make(frame_type type, std::uint8_t flags, std::size_t body_bytes,
                                  Fill&& fill) {
    frame made{allocate(header_bytes + body_bytes)};
    made.write_header(type, flags, body_bytes);
    std::forward<Fill>(fill)(std::span{made.data() + header_bytes, body_bytes});
    return made;
  }

  /// Shares bytes that are no frame, and go to a socket as they are: the preface, or a line of
  /// plain mode. Their `type()` is `frame_type{0}`, which is no known type and not counted.
  [[nodiscard]] static frame raw(byte_view bytes);

  /// Shares the bytes of `other`.
  frame(const frame& other) noexcept : block_{other.block_} { share(); }
  /// Leaves `other` without bytes.
  frame(frame&& other) noexcept : block_{std::exchange(other.block_, nullptr)} {}
  /// Lets go of its bytes and shares those of `other`.
  frame& operator=(frame other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~frame() { release(); }

  /// Claims that it has bytes: it is not `frame{}`.
  [[nodiscard]] explicit operator bool() const noexcept { return block_ != nullptr; }

  /// All bytes, as they go to the socket. They live as long as any copy of this frame.
  [[nodiscard]] byte_view bytes() const noexcept {
    return block_ != nullptr ? byte_view{data(), block_->size} : byte_view{};
  }

  /// As many bytes as go to the socket, header included.
  [[nodiscard]] std::size_t size() const noexcept { return block_ != nullptr ? block_->size : 0; }

  /// `frame_type{0}` for raw bytes and for no frame.
  [[nodiscard]] frame_type type() const noexcept {
    return block_ != nullptr ? block_->type : frame_type{};
  }

  /// The frame as its receiver will see it.
  /// @pre this is a frame, not raw bytes.
  [[nodiscard]] frame_view view() const noexcept;

  /// How many distinct encoded frames exist in this process; for leak checks. Exact when no other
  /// thread makes or drops frames.
  [[nodiscard]] static std::size_t live() noexcept;

private:
  struct block {
    std::atomic<std::uint32_t> owners;
    std::uint32_t size;
    frame_type type;
  };

  explicit frame(block* owned) noexcept : block_{owned} {}
  [[nodiscard]] static block* allocate(std::size_t bytes);
  static void destroy(block* unowned) noexcept;
  void write_header(frame_type type, std::uint8_t flags, std::size_t body_bytes) noexcept;

  /// The bytes begin right behind the block, in the same allocation.
  [[nodiscard]] std::byte* data() const noexcept {
    return reinterpret_cast<std::byte*>(block_ + 1);
  }

  void share() const noexcept {
    if (block_ != nullptr) {
      block_->owners.fetch_add(1, std::memory_order_relaxed);
    }
  }

  void release() noexcept {
    if (block_ != nullptr && block_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      destroy(block_);
    }
  }

  block* block_ = nullptr;
};

}  // namespace byssus::protocol
