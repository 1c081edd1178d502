#include "byssus/actors/supervision/restart_budget.hpp"

#include "byssus/actors/errc.hpp"
#include "byssus/tests/catch.hpp"

using namespace std::chrono_literals;

namespace byssus {

namespace {
constexpr instant start{1h};
}

TEST_CASE("restart_budget: allows as many restarts in a period as its intensity, and no more") {
  restart_budget budget{{.intensity = 3, .period = 10s}};
  CHECK(budget.allow(start));
  CHECK(budget.allow(start));
  CHECK(budget.allow(start + 10s));
  CHECK_FALSE(budget.allow(start + 10s));
}

TEST_CASE(
    "restart_budget: the period slides, each restart counts until more than a period has passed") {
  restart_budget budget{{.intensity = 2, .period = 10s}};
  CHECK(budget.allow(start));
  CHECK(budget.allow(start + 6s));
  CHECK_FALSE(budget.allow(start + 10s));
  CHECK(budget.allow(start + 10s + 1ns));
  CHECK_FALSE(budget.allow(start + 16s));
  CHECK(budget.allow(start + 16s + 1ns));
}

TEST_CASE("restart_budget: a refused restart costs nothing") {
  restart_budget budget{{.intensity = 1, .period = 10s}};
  CHECK(budget.allow(start));
  CHECK_FALSE(budget.allow(start + 9s));
  CHECK(budget.spent(start + 9s) == 1);
  CHECK(budget.allow(start + 11s));
}

TEST_CASE("restart_budget: an intensity of zero restarts nothing") {
  restart_budget budget{{.intensity = 0, .period = 10s}};
  CHECK_FALSE(budget.allow(start));
  CHECK_FALSE(budget.allow(start + 1h));
}

TEST_CASE("restart_budget: a limit out of range is refused") {
  CHECK(!validate(restart_intensity{}));
  CHECK(errc_of(validate(restart_intensity{.intensity = 100'001})) == errc::invalid_config);
  CHECK(errc_of(validate(restart_intensity{.period = 0s})) == errc::invalid_config);
}

}  // namespace byssus
