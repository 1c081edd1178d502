#pragma once

#include "loops.hpp"
#include <memory>
#include <string>
#include <utility>

namespace byssus::tests {

/// Dials on a reactor and writes down how it ends.
class dialing final : public dial_listener {
public:
  dialing(loops& within, const endpoint& target,
          const dial_deadlines& deadlines = {patience, patience})
      : home_(within) {
    home_.on([&] {
      inside_ = true;
      began_ = std::chrono::steady_clock::now();
      attempt_ = home_[0].dialer().start(target, deadlines, *this);
      inside_ = false;
    });
  }

  ~dialing() {
    home_.on([this] {
      attempt_.reset();
      fresh_.reset();
    });
  }

  void on_dialed(std::unique_ptr<transport> fresh) override {
    fresh_ = std::move(fresh);
    tell("dialed");
  }

  void on_dial_failed(errc reason, std::string_view detail) override {
    detail_ = detail;
    tell(std::string{name(reason)});
  }

  /// Waits for the end.
  std::string end() {
    const auto told = ends_.wait_for(1);
    return told.empty() ? "nothing" : told.front();
  }

  void give_up() {
    home_.on([this] { attempt_.reset(); });
  }

  std::size_t ends() const { return ends_.all().size(); }
  const std::string& detail() const { return detail_; }
  transport& fresh() { return *fresh_; }
  duration took() const { return took_; }

private:
  void tell(std::string how) {
    took_ = std::chrono::steady_clock::now() - began_;
    attempt_.reset();
    if (inside_ || !home_[0].runs_here())
      how += " at the wrong time or place";
    ends_.add(how);
  }

  loops& home_;
  bool inside_ = false;
  std::chrono::steady_clock::time_point began_;
  duration took_{};
  std::unique_ptr<dial> attempt_;
  std::unique_ptr<transport> fresh_;
  std::string detail_;
  happenings ends_;
};

inline endpoint local(std::uint16_t port) {
  return {"127.0.0.1", port};
}

}  // namespace byssus::tests
