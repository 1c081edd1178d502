#pragma once

#include "byssus/actors/links/interfaces.hpp"
#include "byssus/actors/supervision/backoff.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace byssus::tests {

/// Watches one link from its app's side, through one life of its process, and notes every promise
/// of the library that does not hold. Pure: states and messages in, complaints out.
class link_record {
public:
  link_record(std::string owner, const backoff_policy& policy)
      : owner_(std::move(owner)), policy_(policy) {}

  void on_state(instant now, const link_state& state);
  void on_message(std::uint64_t attempt, const message& said);
  void on_presence(const room_presence& there) { present_ = there.count; }
  void on_asked() { ++asked_; }
  void on_answered() { ++answered_; }

  link_phase phase() const noexcept { return phase_; }

  /// Messages of the room that had this text.
  std::size_t heard(const std::string& text) const;

  /// How many were in the room when it was last asked for.
  std::uint64_t present() const noexcept { return present_; }

  /// Requests without an answer.
  std::uint64_t unanswered() const noexcept { return asked_ - answered_; }

  const std::vector<std::string>& complaints() const noexcept { return complaints_; }

private:
  void complain(const std::string& what) { complaints_.push_back(owner_ + ": " + what); }
  void check_step(const link_state& next);
  void check_delay(instant now, const link_state& next);
  void check_rate(instant now);

  std::string owner_;
  backoff_policy policy_;
  link_phase phase_ = link_phase::failed;  ///< before the first state
  bool begun_ = false;
  std::optional<instant> up_since_;      ///< of the present connection
  std::optional<instant> outage_since_;  ///< since the last stable connection ended
  std::optional<instant> promised_;      ///< when the next attempt is due
  std::uint64_t attempts_in_outage_ = 0;
  std::map<std::pair<std::uint64_t, std::string>, std::uint64_t>
      last_offsets_;  ///< by attempt and room
  std::map<std::string, std::size_t> heard_;
  std::uint64_t present_ = 0;
  std::uint64_t asked_ = 0;
  std::uint64_t answered_ = 0;
  std::vector<std::string> complaints_;
};

}  // namespace byssus::tests
