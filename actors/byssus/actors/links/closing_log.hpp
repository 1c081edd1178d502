#pragma once

#include "byssus/actors/ports/reactor.hpp"
#include "byssus/protocol/close_code.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace byssus {

/// Writes one line for each connection that a node closes for its peer's fault, but at most so many
/// a second; one line more then says how many were left out, so that a flood of bad strangers does
/// not flood the log as well. Passive, on its reactor's thread. Its timer runs only while something
/// was left out, for a second at most.
class closing_log final : private timer_listener {
public:
  /// `home` outlives it. `most_a_second` ≥ 1.
  closing_log(reactor& home, std::size_t most_a_second);

  /// `peer` as `transport::peer` says it.
  void note(const std::string& peer, protocol::close_code code, std::string_view reason);

  /// Says now what was left out so far, if anything.
  void flush();

private:
  void on_timer(timer& expired) override;
  bool may_write();

  reactor* home_;
  std::size_t most_a_second_;
  instant second_began_{};
  std::size_t written_ = 0;  ///< since `second_began_`
  std::size_t left_out_ = 0;
  timer second_over_;
};

}  // namespace byssus
