#include "byssus/runtime/asio/output_queue.hpp"

#include "byssus/tests/catch.hpp"

#include <algorithm>
#include <random>
#include <string>

using namespace byssus;
using byssus::detail::chunk_pool;
using byssus::detail::output_queue;

namespace {

void append(output_queue& queue, const std::string& text, lane which) {
  queue.append(std::as_bytes(std::span{text.data(), text.size()}), which);
}

/// Takes at most `most` bytes out, as a socket would that takes no more at a time.
std::string write(output_queue& queue, std::size_t most) {
  std::array<iovec, 4> room;
  const auto count = queue.gather(room);
  std::string taken;
  for (std::size_t index = 0; index < count; ++index)
    taken.append(static_cast<const char*>(room[index].iov_base), room[index].iov_len);
  taken.resize(std::min(taken.size(), most));
  queue.consume(taken.size());
  return taken;
}

std::string write_all(output_queue& queue, std::size_t most) {
  std::string all;
  while (!queue.empty())
    all += write(queue, most);
  return all;
}

}  // namespace

TEST_CASE(
    "output queue: what was appended comes out in order, whatever the socket takes at a time") {
  const auto most =
      GENERATE(std::size_t{1}, std::size_t{7}, std::size_t{1000}, std::size_t{1 << 20});
  chunk_pool pool;
  output_queue queue{pool};
  std::string expected;
  for (const std::size_t size :
       std::initializer_list<std::size_t>{3, 900, 200, 15000, 2000, 40000, 1, 16360, 16361}) {
    const std::string frame(size, static_cast<char>('a' + size % 26));
    append(queue, frame, lane::bulk);
    expected += frame;
  }
  CHECK(queue.size() == expected.size());
  CHECK(write_all(queue, most) == expected);
  CHECK(queue.size() == 0);
}

TEST_CASE("output queue: the urgent lane goes first when nothing is under way") {
  chunk_pool pool;
  output_queue queue{pool};
  append(queue, "bulk", lane::bulk);
  append(queue, "ping", lane::urgent);
  CHECK(write_all(queue, 100) == "pingbulk");
}

TEST_CASE(
    "output queue: the urgent lane waits for the end of the chunk under way, and no frame joins "
    "that chunk") {
  chunk_pool pool;
  output_queue queue{pool};
  append(queue, "first", lane::bulk);
  CHECK(write(queue, 2) == "fi");
  append(queue, "second", lane::bulk);
  append(queue, "ping", lane::urgent);
  CHECK(write_all(queue, 3) == "rstpingsecond");
}

TEST_CASE(
    "output queue: lanes keep their own order and frames stay whole, through random appends and "
    "writes") {
  const auto seed = GENERATE(range(1U, 31U));
  std::mt19937 random{seed};
  chunk_pool pool;
  output_queue queue{pool};
  std::string out;
  std::string bulk;
  std::string urgent;
  for (int step = 0; step < 400; ++step) {
    const bool is_urgent = random() % 4 == 0;
    // A frame is one letter, repeated, between marks of its lane.
    const std::string frame = std::string{is_urgent ? '<' : '['} +
                              std::string(random() % 3000, 'x') + (is_urgent ? '>' : ']');
    append(queue, frame, is_urgent ? lane::urgent : lane::bulk);
    (is_urgent ? urgent : bulk) += frame;
    if (random() % 2 == 0)
      out += write(queue, random() % 9000);
  }
  out += write_all(queue, 5000);

  std::string out_bulk;
  std::string out_urgent;
  char open = 0;
  for (const char each : out) {
    if (each == '<' || each == '[') {
      REQUIRE(open == 0);
      open = each;
    }
    (open == '<' ? out_urgent : out_bulk) += each;
    if (each == '>' || each == ']')
      open = 0;
  }
  CHECK(out_bulk == bulk);
  CHECK(out_urgent == urgent);
}
