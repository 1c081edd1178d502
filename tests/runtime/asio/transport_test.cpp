#include "byssus/tests/catch.hpp"

#include "support/wired.hpp"
#include <sys/ioctl.h>

using namespace byssus;
using namespace byssus::tests;
using namespace std::chrono_literals;

using words = std::vector<std::string>;

namespace {

constexpr std::size_t low_water = transport_config{}.low_water_bytes;
constexpr std::size_t bound = transport_config{}.most_unsent_bytes;

std::string numbered(std::size_t count) {
  std::string text;
  for (std::size_t index = 0; index < count; ++index)
    text += std::to_string(index) + ' ';
  return text;
}

/// Sends frames of 1 KiB until the transport has no room for another; `taken` counts them.
std::size_t fill(wired& line) {
  const std::string frame = std::string(1023, '.') + '|';
  std::size_t taken = 0;
  // The kernel takes some of it while we go on, so "full" is only final when a turn has passed
  // without a change.
  for (std::size_t before = 1; before != taken;) {
    before = taken;
    line.call([&] {
      while (line.socket->send(bytes_of(frame), lane::bulk))
        ++taken;
    });
  }
  return taken;
}

}  // namespace

TEST_CASE("transport: bytes arrive in order in both directions") {
  loops running;
  wired line{running};
  const auto text = numbered(50'000);
  line.peer.send(text);
  CHECK(line.log.received(text.size()) == text);
  for (std::size_t at = 0; at < text.size(); at += 3000)
    REQUIRE(line.send(std::string_view{text}.substr(at, 3000)));
  CHECK(line.peer.read(text.size()) == text);
}

TEST_CASE("transport: what is sent leaves when the turn ends, though nothing else happens") {
  loops running;
  wired line{running};
  REQUIRE(line.send("now"));
  CHECK(line.peer.read(3) == "now");
}

TEST_CASE("transport: frames of one turn leave in one write, the urgent ones first") {
  loops running;
  wired line{running};
  line.call([&] {
    (void)line.socket->send(bytes_of("first "), lane::bulk);
    (void)line.socket->send(bytes_of("second"), lane::bulk);
    (void)line.socket->send(bytes_of("ping "), lane::urgent);
  });
  std::string got(100, '\0');
  const auto size = ::recv(line.peer.descriptor(), got.data(), got.size(), 0);
  REQUIRE(size > 0);
  got.resize(static_cast<std::size_t>(size));
  CHECK(got == "ping first second");
}

TEST_CASE(
    "transport: an urgent frame overtakes a backlog at a border of frames, against a peer that "
    "does not read") {
  loops running;
  wired line{running};
  const auto taken = fill(line);
  const auto unsent = line.call([&] { return line.socket->unsent_bytes(); });
  REQUIRE(unsent > low_water);
  REQUIRE(line.send("<ping>", lane::urgent));
  const auto got = line.peer.read(taken * 1024 + 6);
  const auto at = got.find("<ping>");
  REQUIRE(at != std::string::npos);
  CHECK(at % 1024 == 0);
  // Behind it comes all of the backlog but the chunk that was under way.
  CHECK(got.size() - at >= unsent - 16 * 1024);
}

TEST_CASE(
    "transport: it refuses what passes its bound, queues nothing of it, and keeps room for the "
    "urgent lane") {
  loops running;
  wired line{running};
  fill(line);
  line.call([&] {
    const auto unsent = line.socket->unsent_bytes();
    CHECK(unsent <= bound);
    CHECK_FALSE(line.socket->send(bytes_of(std::string(bound - unsent + 1, 'x')), lane::bulk));
    CHECK(line.socket->unsent_bytes() == unsent);
    CHECK(line.socket->send(bytes_of("ping"), lane::urgent));
    CHECK(line.socket->unsent_bytes() == unsent + 4);
  });
}

TEST_CASE(
    "transport: falling to the low-water mark is told once after it was passed, and not at all "
    "otherwise") {
  loops running;
  wired line{running};
  REQUIRE(line.send("little"));
  REQUIRE(line.peer.read(6) == "little");
  running.on([] {});
  CHECK(line.log.count("drained") == 0);
  const auto taken = fill(line);
  CHECK(line.log.count("drained") == 0);
  std::size_t at_drained = bound;
  line.log.then = [&](const std::string&) { at_drained = line.socket->unsent_bytes(); };
  CHECK(line.peer.read(taken * 1024).size() == taken * 1024);
  CHECK(line.log.heard("drained"));
  running.on([] {});
  CHECK(line.log.count("drained") == 1);
  CHECK(at_drained <= low_water);
}

TEST_CASE("transport: a poll is answered after all that had arrived was delivered") {
  loops running;
  wired line{running};
  const int room = 400'000;
  ::setsockopt(line.near_descriptor, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  std::size_t at_answer = 0;
  line.log.then = [&](const std::string& what) {
    if (what == "polled")
      at_answer = line.log.received(0).size();
  };
  const std::string much(150'000, 'm');
  const auto arrived = line.call([&] {
    line.peer.send(much);
    int bytes = 0;
    ::ioctl(line.near_descriptor, FIONREAD, &bytes);
    line.socket->poll();
    return static_cast<std::size_t>(bytes);
  });
  // More than is read at once.
  REQUIRE(arrived > 64 * 1024);
  REQUIRE(line.log.heard("polled"));
  running.on([&] { CHECK(at_answer >= arrived); });
  CHECK(line.log.received(much.size()) == much);
  CHECK(line.log.count("polled") == 1);
}

TEST_CASE("transport: a poll with nothing there is answered in a later turn") {
  loops running;
  wired line{running};
  line.call([&] { line.socket->poll(); });
  CHECK(line.log.heard("polled"));
  CHECK(line.log.story() == words{"polled"});
  line.peer.send("still reading");
  CHECK(line.log.received(13) == "still reading");
}

TEST_CASE("transport: a poll after the peer's end is answered") {
  loops running;
  wired line{running};
  line.peer.end();
  REQUIRE(line.log.heard("ended"));
  line.call([&] { line.socket->poll(); });
  CHECK(line.log.heard("polled"));
  CHECK(line.log.story() == words{"ended", "polled"});
}

TEST_CASE(
    "transport: after the peer's end what is sent still goes out, and close completes at once") {
  loops running;
  wired line{running};
  line.peer.send("last words");
  line.peer.end();
  REQUIRE(line.log.heard("ended"));
  REQUIRE(line.send("answer"));
  CHECK(line.peer.read(6) == "answer");
  line.call([&] { line.socket->close(); });
  CHECK(line.log.heard("closed none"));
  CHECK(line.peer.read_to_end().empty());
  CHECK(line.log.story() == words{"bytes", "ended", "closed none"});
}

TEST_CASE("transport: a peer who writes on and on after our end is reset after 1 MiB") {
  loops running;
  wired line{running};
  line.call([&] {
    (void)line.socket->send(bytes_of("enough"), lane::bulk);
    line.socket->close();
  });
  CHECK(line.peer.read(6) == "enough");
  // What the kernel takes without anybody reading it would blur the figure.
  const int little = 64 * 1024;
  ::setsockopt(line.peer.descriptor(), SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
  const std::string more(64 * 1024, 'x');
  std::size_t written = 0;
  while (written < 64 * more.size() &&
         ::send(line.peer.descriptor(), more.data(), more.size(), MSG_NOSIGNAL) > 0)
    written += more.size();
  CHECK(written < 64 * more.size());
  CHECK(line.log.heard("closed connection_reset"));
}

TEST_CASE("transport: a reset is told as connection_reset") {
  loops running;
  wired line{running};
  REQUIRE(line.send("hello"));
  CHECK(line.peer.read(5) == "hello");
  line.peer.reset();
  CHECK(line.log.heard("closed connection_reset"));
  CHECK(line.log.story() == words{"closed connection_reset"});
  CHECK_FALSE(line.send("too late"));
}

TEST_CASE(
    "transport: what the peer said before it reset is delivered, also when a write fails first") {
  loops running;
  wired line{running};
  line.call([&] {
    line.peer.send("goodbye");
    line.peer.reset();
    (void)line.socket->send(bytes_of("into the void"), lane::bulk);
  });
  CHECK(line.log.heard("closed connection_reset"));
  CHECK(line.log.received(0) == "goodbye");
}

TEST_CASE("transport: a reset after the peer's end is told by the write that fails") {
  loops running;
  wired line{running};
  line.peer.end();
  REQUIRE(line.log.heard("ended"));
  line.peer.reset();
  for (int round = 0; round < 1000 && line.log.count("closed connection_reset") == 0; ++round)
    (void)line.send("anybody there?");
  CHECK(line.log.heard("closed connection_reset"));
  CHECK(line.log.story() == words{"ended", "closed connection_reset"});
}

TEST_CASE(
    "transport: close sends what is queued, and the peer reads it though bytes of its own were "
    "never read") {
  loops running;
  wired line{running};
  line.call([&] {
    line.peer.send(std::string(60'000, 'u'));
    (void)line.socket->send(bytes_of("close frame"), lane::bulk);
    line.socket->close();
    CHECK_FALSE(line.socket->send(bytes_of("after close"), lane::bulk));
  });
  line.peer.send("more that nobody reads");
  CHECK(line.peer.read_to_end() == "close frame");
  CHECK(line.log.count("closed none") == 0);
  line.peer.close();
  CHECK(line.log.heard("closed none"));
  CHECK(line.log.story() == words{"closed none"});
}

TEST_CASE("transport: destroying it closes the socket at once, without another call") {
  loops running;
  wired line{running};
  line.call([&] { line.socket.reset(); });
  CHECK(line.peer.read_to_end().empty());
  CHECK(line.log.story().empty());
}

TEST_CASE("transport: the listener may destroy it in each of its callbacks") {
  const std::string fatal =
      GENERATE("bytes", "ended", "drained", "polled", "closed connection_reset", "closed none");
  loops running;
  wired line{running};
  const auto taken = fatal == "drained" ? fill(line) : std::size_t{0};
  line.log.then = [&](const std::string& what) {
    if (what == fatal)
      line.socket.reset();
  };
  if (fatal == "bytes")
    line.peer.send("x");
  else if (fatal == "ended" || fatal == "closed none")
    line.peer.end();
  else if (fatal == "drained")
    line.peer.read(taken * 1024 - low_water / 2);
  else if (fatal == "polled")
    line.call([&] { line.socket->poll(); });
  else
    line.peer.reset();
  if (fatal == "closed none") {
    REQUIRE(line.log.heard("ended"));
    line.call([&] { line.socket->close(); });
  }
  CHECK(line.log.heard(fatal));
  running.on([&] { CHECK(line.socket == nullptr); });
  CHECK(line.log.story().back() == fatal);
}

TEST_CASE("transport: attach again hands over to another listener") {
  loops running;
  wired line{running};
  line.peer.send("one");
  REQUIRE(line.log.received(3) == "one");
  transport_log second;
  line.call([&] { line.socket->attach(second); });
  line.peer.send("two");
  CHECK(second.received(3) == "two");
  CHECK(line.log.received(0) == "one");
  running.on([&] { line.socket.reset(); });
}

TEST_CASE(
    "transport: a socket moves between reactors, and no byte is lost, repeated or read by the old "
    "one") {
  loops running{{.reactors = 2}};
  wired line{running, 0};
  line.peer.send("one ");
  REQUIRE(line.log.received(4) == "one ");
  std::unique_ptr<detached_socket> on_its_way;
  running.on(0, [&] {
    line.peer.send("two ");
    on_its_way = line.socket->release();
    CHECK(line.socket->release() == nullptr);
    CHECK_FALSE(line.socket->send(bytes_of("x"), lane::bulk));
  });
  REQUIRE(on_its_way);
  transport_log second;
  std::unique_ptr<transport> moved;
  std::string peer_before = running.on(0, [&] { return line.socket->peer(); });
  std::atomic<bool> on_second{false};
  second.then = [&](const std::string&) { on_second = running[1].runs_here(); };
  running.on(1, [&] {
    moved = running[1].adopt(std::move(on_its_way));
    moved->attach(second);
  });
  line.peer.send("three");
  CHECK(second.received(9) == "two three");
  CHECK(line.log.received(0) == "one ");
  const auto [peer_after, sent] = running.on(1, [&] {
    return std::pair{moved->peer(), moved->send(bytes_of("from here"), lane::bulk)};
  });
  CHECK(on_second);
  CHECK(peer_after == peer_before);
  CHECK(peer_after.starts_with("127.0.0.1:"));
  CHECK(sent);
  CHECK(line.peer.read(9) == "from here");
  running.on(1, [&] { moved.reset(); });
}

TEST_CASE("transport: a detached socket that nobody adopts is closed") {
  loops running;
  wired line{running};
  running.on([&] { line.socket->release().reset(); });
  CHECK(line.peer.read_to_end().empty());
}

TEST_CASE(
    "transport: one that floods its reactor keeps neither another socket nor a poll waiting") {
  loops running;
  wired flooded{running};
  wired quiet{running};
  std::atomic<bool> enough{false};
  std::thread flood{[&] {
    const std::string much(1 << 16, 'f');
    while (!enough)
      flooded.peer.send(much);
  }};
  flooded.log.received(1 << 20);
  for (int round = 1; round <= 20; ++round) {
    quiet.peer.send("?");
    CHECK(quiet.log.received(static_cast<std::size_t>(round)).size() ==
          static_cast<std::size_t>(round));
  }
  flooded.call([&] { flooded.socket->poll(); });
  CHECK(flooded.log.heard("polled"));
  enough = true;
  flood.join();
}
