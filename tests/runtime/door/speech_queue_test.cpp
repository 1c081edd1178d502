#include "byssus/runtime/detail/speech_queue.hpp"

#include "byssus/tests/catch.hpp"

#include <string>

using byssus::detail::speech;
using byssus::detail::speech_queue;

namespace {

speech saying(std::string payload) {
  return {"r", byssus::protocol::content_kind::text, std::move(payload)};
}

}  // namespace

TEST_CASE("speech queue: whoever puts first has somebody come, and again when all was taken") {
  speech_queue queue;
  CHECK(queue.put(saying("one")) == speech_queue::outcome::begins);
  CHECK(queue.put(saying("two")) == speech_queue::outcome::queued);
  const auto both = queue.take();
  REQUIRE(both.size() == 2);
  CHECK(both[0].payload == "one");
  CHECK(both[1].payload == "two");
  CHECK(queue.put(saying("three")) == speech_queue::outcome::queued);
  CHECK(queue.take().size() == 1);
  CHECK(queue.take().empty());
  CHECK(queue.put(saying("four")) == speech_queue::outcome::begins);
  queue.clear();
  CHECK(queue.take().empty());
  CHECK(queue.put(saying("five")) == speech_queue::outcome::begins);
}

TEST_CASE("speech queue: what is taken at a time has 64 KiB at most, or is one speech") {
  speech_queue queue;
  const std::string quarter(speech_queue::turn_bytes / 4 - 1, 'x');
  for (int i = 0; i < 6; ++i)
    queue.put(saying(quarter));
  queue.put(saying(std::string(2 * speech_queue::turn_bytes, 'x')));
  CHECK(queue.take().size() == 4);
  CHECK(queue.take().size() == 2);
  CHECK(queue.take().size() == 1);
  CHECK(queue.take().empty());
}

TEST_CASE("speech queue: is bounded in bytes and in speeches, and has room again when taken from") {
  speech_queue heavy;
  const std::string payload(1024 * 1024 - 1, 'x');
  for (int i = 0; i < 16; ++i)
    REQUIRE(heavy.put(saying(payload)) != speech_queue::outcome::full);
  CHECK(heavy.put(saying({})) == speech_queue::outcome::full);
  CHECK(heavy.take().size() == 1);
  CHECK(heavy.put(saying(payload)) == speech_queue::outcome::queued);

  speech_queue many;
  for (std::size_t i = 0; i < speech_queue::most_speeches; ++i)
    REQUIRE(many.put(saying({})) != speech_queue::outcome::full);
  CHECK(many.put(saying({})) == speech_queue::outcome::full);
}
