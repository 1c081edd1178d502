#pragma once

#include "byssus/actors/links/place.hpp"
#include "byssus/actors/ports/timer.hpp"
#include "byssus/actors/ports/transport.hpp"
#include "byssus/protocol/decoder.hpp"
#include "byssus/protocol/first_bytes.hpp"
#include "byssus/protocol/result.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace byssus {

class door;
enum class verdict : std::uint8_t;

/// One socket at a door, before anybody knows who it is.
///
///     silent ──F5──▶ greeting ──hello──▶ let in          3 s of silence: a plain listener
///       ├──G, GE, GET──▶ unsure ─────────▶ let in, plain   200 ms are enough for `GET `
///       └── any other text ──────────────▶ let in, plain
///     any of them ── a breach of the rules, a deadline, the node's end ──▶ closing
///
/// Passive; owned by its door, with one timer for all deadlines. A flood of them is cheap: less
/// than 300 bytes each.
class stranger final : private transport_listener, private timer_listener {
public:
  /// Unless `said` is `welcome` he is only here to be told so.
  stranger(door& at, std::unique_ptr<transport> socket, place seat, verdict said);
  ~stranger();
  stranger(const stranger&) = delete;
  stranger& operator=(const stranger&) = delete;

  /// Begins to read, with what has been `read` of him before. May end him.
  void begin(protocol::byte_view read);

  /// Tells him that he breaks the rules, and logs it.
  void refuse(const protocol::violation& broken);

  /// The node is going away. No fault of his: nothing is logged. May end him.
  void send_away();

  /// Gives up the socket, for a connection.
  std::unique_ptr<transport> release_socket() noexcept { return std::move(socket_); }
  /// Gives up his place among the node's sockets, for a connection.
  place release_seat() noexcept { return std::move(seat_); }

  /// INTERNAL: his place in the door's list.
  struct list_links {
    std::unique_ptr<stranger> next;
    std::unique_ptr<stranger>* here = nullptr;  ///< the one that owns him
  };
  list_links links;

private:
  enum class stage : std::uint8_t { silent, unsure, greeting, closing };

  void on_bytes(std::span<const std::byte> bytes) override;
  void on_ended() override;
  void on_drained() override {}
  void on_polled() override {}
  void on_closed(errc reason) override;
  void on_timer(timer& expired) override;

  void listen(protocol::byte_view bytes);
  void greet(protocol::byte_view bytes);
  void speak_plain(protocol::byte_view bytes);
  void turn_away();
  void close(protocol::close_code code, std::string_view reason);

  door* at_;
  std::unique_ptr<transport> socket_;
  place seat_;
  place at_door_;
  timer deadline_;
  protocol::decoder decoder_;
  protocol::first_bytes language_;
  protocol::preface_reader preface_;
  stage stage_ = stage::silent;
  verdict said_;
  bool speaks_frames_ = false;
  std::uint8_t heard_of_get_ = 0;  ///< all that was read while unsure: so much of `GET `
};

}  // namespace byssus
