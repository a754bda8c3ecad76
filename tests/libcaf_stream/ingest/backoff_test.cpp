#include "caf_stream/ingest/backoff.hpp"

#include <set>

#include <doctest/doctest.h>

using namespace caf_stream;
using namespace caf_stream::ingest;
using namespace std::chrono_literals;

TEST_SUITE("ingest.backoff") {

  TEST_CASE("delays double up to the longest and stay there") {
    backoff delays{100ms, 2s, [] { return 0.5; }};
    for (auto expected : {100ms, 200ms, 400ms, 800ms, 1600ms, 2000ms, 2000ms, 2000ms})
      CHECK(delays.next() == expected);
  }

  TEST_CASE("after a reset they begin anew") {
    backoff delays{100ms, 2s, [] { return 0.5; }};
    delays.next();
    delays.next();
    delays.reset();
    CHECK(delays.next() == 100ms);
    CHECK(delays.next() == 200ms);
  }

  TEST_CASE("a delay is a tenth shorter or longer, and none exceeds the longest") {
    CHECK(backoff{100ms, 2s, [] { return 0.0; }}.next() == 90ms);
    CHECK(backoff{1000ms, 2s, [] { return 0.999; }}.next() == 1099ms);
    backoff delays{2s, 2s, [] { return 0.999; }};
    CHECK(delays.next() == 2s);
    CHECK(delays.next() == 2s);
  }

  TEST_CASE("a delay of zero stays zero") {
    backoff delays{0ms, 2s, [] { return 0.5; }};
    CHECK(delays.next() == 0ms);
    CHECK(delays.next() == 0ms);
  }

  TEST_CASE("the system's random source spreads over [0, 1)") {
    auto random = make_random_source();
    std::set<double> seen;
    for (int i = 0; i < 100; ++i) {
      auto x = random();
      CHECK(x >= 0);
      CHECK(x < 1);
      seen.insert(x);
    }
    CHECK(seen.size() > 90);
  }

} // TEST_SUITE
