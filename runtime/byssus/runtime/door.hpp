#pragma once

#include "byssus/actors/links/node_part.hpp"
#include "byssus/actors/ports/transport.hpp"
#include "byssus/protocol/bytes.hpp"
#include "byssus/protocol/handshake.hpp"
#include "byssus/protocol/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace byssus {

class stranger;

/// What a node's gate and doors allow. The numbers hold for a whole node, whatever its number of
/// reactors.
struct door_rules {
  /// From the first byte of the preface to the end of hello. > 0.
  duration hello_deadline = protocol::hello_deadline;
  /// The hello frame, header included. 64 to `protocol::max_frame_bytes_before_welcome`.
  std::size_t most_hello_bytes = protocol::max_frame_bytes_before_welcome;
  /// Sockets that have not said yet who they are. One more is closed unread and unanswered. ≥ 1.
  std::size_t most_strangers = 100'000;
  /// Plain clients that have never said a word. One more is closed with `overloaded`.
  std::size_t most_plain_listeners = 1024;
  /// Sockets in all, strangers included. One more is closed with `overloaded`, in its own language,
  /// once it has said a byte. ≥ 1.
  std::size_t most_sockets = 100'000;
  /// Sockets of one address, as in `detached_socket::origin`. One more is told like those above.
  /// 0: any number.
  std::size_t most_per_address = 0;
  /// Sockets beyond these limits that are told so at the same time. One more is closed unread and
  /// unanswered.
  std::size_t most_turned_away = 256;
  /// Sockets that are taken in a second, of which a tenth may come at once; the others wait in the
  /// kernel's backlog. 0: any number.
  std::size_t accepts_a_second = 0;
};

/// What a gate says of a fresh socket.
enum class verdict : std::uint8_t {
  welcome,
  node_full,     ///< he is to be told that the node has too many connections
  address_full,  ///< or that his address has
  dropped,       ///< he is to be closed unread
};

/// Goes with a socket from the gate to a door. The socket counts as arriving while this lives.
class gate_pass {
public:
  /// `census` is null for one who does not arrive.
  gate_pass(std::shared_ptr<node_census> census, verdict said,
            std::unique_ptr<ticket> kept) noexcept
      : census_(std::move(census)), kept_(std::move(kept)), said_(said) {
    if (census_)
      ++census_->arriving;
  }
  gate_pass(gate_pass&&) noexcept = default;
  gate_pass& operator=(gate_pass&&) = delete;
  ~gate_pass() {
    if (census_)
      --census_->arriving;
  }

  /// What the gate said of the socket. A door never gets `dropped`.
  verdict said() const noexcept { return said_; }
  /// Hands over what is to be kept for as long as the socket is connected, once; null if nothing
  /// is.
  std::unique_ptr<ticket> take_ticket() noexcept { return std::move(kept_); }

private:
  std::shared_ptr<node_census> census_;
  std::unique_ptr<ticket> kept_;
  verdict said_;
};

/// Empty if `rules` can be followed, or what is wrong with which field.
std::string validate(const door_rules& rules);

/// Lets strangers in, or not: reads what each one sends up to his hello, under a deadline and a
/// size limit, without an actor. Only then is a connection spawned, on this door's reactor.
///
///     socket ─▶ stranger ─┬─ preface, hello ─▶ ACCEPTED CONNECTION
///                  ▲      ├─ text, or 3 s of silence ─▶ PLAIN CONNECTION ─┐
///                  │      └─ anything wrong ─▶ a code and a reason, the end │
///                  └───────────── a preface that came late ◀────────────────┘
///
/// Whoever breaks the rules is told so (by a close frame, or a line `closed: CODE name, reason` if
/// he does not speak Byssus), gets one line in the log, and harms nobody else. Passive; one per
/// reactor of a node, on its thread.
class door final : public reception {
public:
  /// Opens: `node->door` is this from now on. `rules` are valid.
  door(std::shared_ptr<node_part> node, const door_rules& rules);

  /// Drops all who are still at it.
  ~door();

  door(const door&) = delete;
  door& operator=(const door&) = delete;

  /// Takes a fresh socket of this reactor; it has no listener yet. `pass` is not `dropped`.
  void admit(std::unique_ptr<transport> newcomer, gate_pass pass);

  /// As `reception`: whatever the number of sockets, since he has been let in before.
  void readmit(std::unique_ptr<detached_socket> returned, std::vector<std::byte> read,
               place seat) override;

  /// Admits nobody from now on, and tells those who are here that the node is going away.
  void close();

  /// Closes the sockets of all who are here, at once and without a word.
  void drop() noexcept;

  // INTERNAL: for its strangers. Each of these ends the stranger who calls it.

  /// Spawns his ACCEPTED CONNECTION. `rest` came after his hello.
  void let_in(stranger& guest, protocol::hello said, protocol::byte_view rest);
  /// Spawns his PLAIN CONNECTION, which has `read` to begin with.
  void let_in_plain(stranger& guest, std::vector<std::byte> read);
  /// He has been silent: the same, if there is a listener's place for him.
  void let_in_listener(stranger& guest);
  /// Destroys him, socket and all, without a word.
  void forget(stranger& guest) noexcept;

  /// As given; the same on every reactor of the node.
  const door_rules& rules() const noexcept { return rules_; }
  /// Shared with the connections that this door spawns.
  const std::shared_ptr<node_part>& node() const noexcept { return node_; }

private:
  stranger& take_up(std::unique_ptr<transport> newcomer, place seat, verdict said);

  std::shared_ptr<node_part> node_;
  door_rules rules_;
  std::unique_ptr<stranger> first_;  ///< of a list that the strangers form themselves
};

}  // namespace byssus
