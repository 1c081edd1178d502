#include "byssus/actors/links/endpoint_pool.hpp"

#include "byssus/runtime/testing/seeded_random.hpp"
#include "byssus/tests/catch.hpp"

#include "fixtures/scripted_random.hpp"
#include <map>
#include <set>

namespace byssus {

namespace {

const endpoint north{"north.example", 7400};
const endpoint south{"south.example", 7400};
const endpoint west{"west.example", 7400};

}  // namespace

TEST_CASE("endpoint_pool: clients with the same list start all over it") {
  std::map<endpoint, int> starts;
  for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
    testing::seeded_random random{seed};
    ++starts[endpoint_pool{{north, south, west}, random}.current()];
  }
  for (const auto& where : {north, south, west}) {
    CHECK(starts[where] > 850);
    CHECK(starts[where] < 1'150);
  }
}

TEST_CASE("endpoint_pool: each failure goes on to the next, and after the last round again") {
  testing::seeded_random random{1};
  endpoint_pool pool{{north, south, west}, random};
  const auto first = pool.current();
  std::set<endpoint> tried;
  for (int n = 0; n < 3; ++n) {
    tried.insert(pool.current());
    pool.failed();
  }
  CHECK(tried.size() == 3);
  CHECK(pool.current() == first);
}

TEST_CASE("endpoint_pool: the one that works is kept") {
  testing::seeded_random random{1};
  endpoint_pool pool{{north, south}, random};
  pool.failed();
  const auto good = pool.current();
  pool.succeeded();
  CHECK(pool.current() == good);
}

TEST_CASE("endpoint_pool: failures are counted for each endpoint until it works again") {
  testing::seeded_random random{1};
  endpoint_pool pool{{north, south}, random};
  const auto first = pool.current();
  pool.failed();
  const auto second = pool.current();
  pool.failed();
  pool.failed();
  CHECK(pool.failures(first) == 2);
  CHECK(pool.failures(second) == 1);
  pool.succeeded();
  CHECK(pool.failures(second) == 0);
  CHECK(pool.failures(first) == 2);
  CHECK(pool.failures(west) == 0);
}

TEST_CASE("endpoint_pool: moves on without blame") {
  testing::seeded_random random{1};
  endpoint_pool pool{{north, south}, random};
  const auto first = pool.current();
  pool.move_on();
  CHECK(pool.current() != first);
  CHECK(pool.failures(first) == 0);
}

TEST_CASE("endpoint_pool: an endpoint that is listed twice is one") {
  testing::seeded_random random{1};
  CHECK(endpoint_pool{{north, south, north}, random}.size() == 2);
}

TEST_CASE("endpoint_pool: a single endpoint stays, needs no dice, and counts all failures") {
  testing::scripted_random none{};
  endpoint_pool pool{{north}, none};
  pool.failed();
  pool.failed();
  CHECK(pool.current() == north);
  CHECK(pool.failures(north) == 2);
}

}  // namespace byssus
