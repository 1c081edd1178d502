#include "byssus/actors/links/app_inbox.hpp"

#include "byssus/tests/catch.hpp"

#include <string>

using namespace byssus;
using load = app_inbox::load;

namespace {

/// Brings a text of so many bytes in a frame, if there is room for it.
bool bring(app_inbox& inbox, std::uint64_t bytes) {
  if (!inbox.admit({1, bytes}))
    return false;
  message said;
  said.payload = std::string(bytes, 'x');
  inbox.put(std::move(said));
  return true;
}

/// How many messages the next batch has, and its connection: `2 of 1`.
std::string flushed(app_inbox& inbox) {
  const auto batch = inbox.flush();
  return batch ? std::to_string(batch->messages.size()) + " of " + std::to_string(batch->attempt)
               : "nothing";
}

}  // namespace

TEST_CASE("app inbox: what comes between two flushes is one batch") {
  app_inbox inbox{{10, 100}};
  inbox.begin(1);
  CHECK(flushed(inbox) == "nothing");
  CHECK(inbox.idle());
  CHECK(bring(inbox, 1));
  CHECK(bring(inbox, 2));
  CHECK_FALSE(inbox.idle());
  CHECK(flushed(inbox) == "2 of 1");
  CHECK(flushed(inbox) == "nothing");
  CHECK(inbox.admit({1, 20}));
  inbox.put(room_gap{"lobby", 1, 2, {}});
  CHECK(flushed(inbox) == "0 of 1");
  CHECK_FALSE(inbox.idle());
}

TEST_CASE("app inbox: frames and bytes are bounded, each by itself") {
  app_inbox frames{{2, 100}};
  CHECK(bring(frames, 1));
  CHECK(bring(frames, 1));
  CHECK_FALSE(bring(frames, 1));
  app_inbox bytes{{100, 10}};
  CHECK(bring(bytes, 4));
  CHECK_FALSE(bring(bytes, 7));
  CHECK(bring(bytes, 6));
}

TEST_CASE("app inbox: what is larger than the bound has room alone") {
  app_inbox inbox{{1, 10}};
  inbox.begin(1);
  CHECK(inbox.admit({5, 1000}));
  CHECK_FALSE(inbox.admit({0, 0}));
}

TEST_CASE("app inbox: batches are handled in order, whichever connection brought them") {
  app_inbox inbox{{3, 100}};
  inbox.begin(1);
  CHECK(bring(inbox, 1));
  CHECK(flushed(inbox) == "1 of 1");
  CHECK(bring(inbox, 1));  // nobody flushes it
  inbox.begin(2);
  CHECK(inbox.idle());  // the present connection has brought nothing
  CHECK(bring(inbox, 1));
  CHECK(bring(inbox, 1));
  CHECK_FALSE(bring(inbox, 1));
  CHECK(flushed(inbox) == "2 of 2");
  CHECK_FALSE(inbox.on_handled(2));  // not the oldest
  CHECK(inbox.on_handled(1)->frames == 1);
  CHECK_FALSE(inbox.on_handled(1));
  CHECK(bring(inbox, 1));
  CHECK(flushed(inbox) == "1 of 2");
  CHECK(inbox.on_handled(2)->frames == 2);
  CHECK(inbox.on_handled(2)->bytes == 1);
  CHECK_FALSE(inbox.on_handled(2));
  CHECK(inbox.idle());
}

TEST_CASE("app inbox: what followed the last batch is handled with it") {
  app_inbox inbox{{2, 100}};
  inbox.begin(1);
  CHECK(bring(inbox, 1));
  CHECK(flushed(inbox) == "1 of 1");
  inbox.follow({1, 7});
  inbox.follow({1, 7});  // the bound is not asked
  CHECK(inbox.settle().frames == 0);
  CHECK(inbox.on_handled(1)->bytes == 1);
  const auto rest = inbox.settle();
  CHECK(rest.frames == 2);
  CHECK(rest.bytes == 14);
  CHECK(inbox.settle().frames == 0);
  CHECK(bring(inbox, 50));
  CHECK(bring(inbox, 50));
}

TEST_CASE("app inbox: what followed a batch goes with the next one, if there is one") {
  app_inbox inbox{{10, 100}};
  inbox.begin(1);
  CHECK(bring(inbox, 1));
  CHECK(flushed(inbox) == "1 of 1");
  inbox.follow({1, 7});
  CHECK(bring(inbox, 2));
  CHECK(flushed(inbox) == "1 of 1");
  CHECK(inbox.on_handled(1)->bytes == 1);
  CHECK(inbox.settle().bytes == 0);
  CHECK(inbox.on_handled(1)->bytes == 9);
}
