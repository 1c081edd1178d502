#pragma once

#include "runtime/door/raw_client.hpp"
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace byssus::fuzz {

/// One who sends whatever the input says. It keeps what it sent, to know what the node owes it: a
/// code before its end, unless it can no longer be told or has asked for the end itself.
class offender {
public:
  offender(reactor& home, const endpoint& node) : client_(home, node) {}

  /// Sends, within `budget`, from which it takes what it sent.
  void send(const std::string& bytes, std::size_t& budget);
  void send_again(std::size_t times, std::size_t& budget);

  /// Acknowledges all counted frames that came.
  void acknowledge(std::size_t& budget);

  /// Its connection was hurt, by itself or by the network: it need not be told anything.
  void excuse() noexcept { excused_ = true; }
  void hang_up();

  bool ended() const noexcept { return client_.ended(); }

  bool welcomed() const { return client_.count(protocol::frame_type::welcome) > 0; }
  /// What it was closed with, if it was.
  std::optional<protocol::close_code> code() const { return client_.code(); }

  /// Claims that it has got what it is owed.
  bool was_told() const;

private:
  bool said_close() const;

  testing::raw_client client_;
  std::string sent_;
  std::string last_;
  bool excused_ = false;
};

}  // namespace byssus::fuzz
