#include "byssus/actors/links/endpoint.hpp"

#include "byssus/tests/catch.hpp"

namespace byssus {

TEST_CASE("endpoint: names and addresses are read with and without the scheme") {
  struct row {
    const char* text;
    endpoint meant;
  };
  for (const auto& [text, meant] : {
           row{"chat.example:7400", {"chat.example", 7400}},
           row{"127.0.0.1:0", {"127.0.0.1", 0}},
           row{"[::1]:7400", {"::1", 7400}},
           row{"[::]:7400", {"::", 7400}},
           row{"[::ffff:192.0.2.1]:65535", {"::ffff:192.0.2.1", 65535}},
           row{"[fe80::1%eth0]:7400", {"fe80::1%eth0", 7400}},
       }) {
    INFO(text);
    CHECK(parse_endpoint(text) == meant);
    CHECK(parse_endpoint(std::string{"tcp://"} + text) == meant);
  }
}

TEST_CASE("endpoint: what is written is read back") {
  for (const auto* text : {"chat.example:7400", "192.0.2.1:1", "[::1]:7400", "[fe80::1%eth0]:7400"})
    CHECK(to_string(*parse_endpoint(text)) == text);
}

TEST_CASE("endpoint: an IPv6 address stands in brackets, and nothing else does") {
  for (const auto* text : {"::1:7400", "fe80::1%eth0:7400", "[127.0.0.1]:7400", "[chat.example]:1",
                           "[]:7400", "[::1:7400", "::1]:7400", "[::1]7400", "[[::1]]:7400"}) {
    INFO(text);
    CHECK(parse_endpoint(text) == std::nullopt);
  }
}

TEST_CASE("endpoint: what has no host or no port is none") {
  for (const auto* text : {"", "chat.example", ":7400", "a:", "a:65536", "a:-1", "a:7 ", "a b:1",
                           "http://a:1", "tcp://", "[::1]", "tcp://[::1]"}) {
    INFO(text);
    CHECK(parse_endpoint(text) == std::nullopt);
  }
}

}  // namespace byssus
