#include "byssus/runtime/asio/ready_set.hpp"

#include "byssus/runtime/detail/event_flag.hpp"
#include "byssus/tests/catch.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

using byssus::detail::event_flag;
using byssus::detail::ready_listener;
using byssus::detail::ready_set;
using namespace std::chrono_literals;

namespace {

/// A flag in a set; does something when it is told.
class bell final : public ready_listener {
public:
  explicit bell(ready_set& set, std::function<void()> does = {}) : set_(&set), does_(does) {
    REQUIRE(set.watch(flag.descriptor(), EPOLLIN, *this));
  }
  ~bell() { set_->forget(flag.descriptor(), *this); }
  bell(const bell&) = delete;
  bell& operator=(const bell&) = delete;

  event_flag flag;
  int rung = 0;

private:
  void on_ready(std::uint32_t events) override {
    CHECK((events & EPOLLIN) != 0);
    ++rung;
    if (const auto act = does_)  // a copy: it may destroy this
      act();
  }

  ready_set* set_;
  std::function<void()> does_;
};

void look(ready_set& set) {
  set.wait(0s);
  set.tell();
}

}  // namespace

TEST_CASE("ready_set: who is ready is told at each look, who is not is not") {
  ready_set set;
  bell one{set};
  bell other{set};
  one.flag.raise();
  look(set);
  look(set);
  CHECK(one.rung == 2);
  CHECK(other.rung == 0);
  one.flag.lower();
  look(set);
  CHECK(one.rung == 2);
}

TEST_CASE("ready_set: one who is destroyed by another in the same look is not told") {
  ready_set set;
  std::vector<std::unique_ptr<bell>> bells;
  const auto silence_others = [&] { bells.resize(1); };
  for (int i = 0; i < 8; ++i)
    bells.push_back(std::make_unique<bell>(set, silence_others));
  // Whichever is told first, all after it are gone but the first in the list.
  for (const auto& each : bells)
    each->flag.raise();
  look(set);
  REQUIRE(bells.size() == 1);
  CHECK(bells.front()->rung <= 1);
}

TEST_CASE("ready_set: many more than one look can tell all have their turn") {
  ready_set set;
  std::vector<std::unique_ptr<bell>> bells;
  for (int i = 0; i < 200; ++i) {
    bells.push_back(std::make_unique<bell>(set));
    bells.back()->flag.raise();
  }
  for (int looks = 0; looks < 4; ++looks)
    look(set);
  for (const auto& each : bells)
    CHECK(each->rung >= 1);
}

TEST_CASE("ready_set: a wait ends when its patience does") {
  ready_set set;
  bell silent{set};
  const auto began = std::chrono::steady_clock::now();
  set.wait(20ms);
  CHECK(std::chrono::steady_clock::now() - began >= 20ms);
  set.tell();
  CHECK(silent.rung == 0);
}

TEST_CASE("event_flag: raised often, lowered once") {
  ready_set set;
  bell rings{set};
  rings.flag.raise();
  rings.flag.raise();
  rings.flag.lower();
  look(set);
  CHECK(rings.rung == 0);
}
