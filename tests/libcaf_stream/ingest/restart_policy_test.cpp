#include "caf_stream/ingest/restart_policy.hpp"

#include <doctest/doctest.h>

using namespace caf_stream;
using namespace caf_stream::ingest;
using namespace std::chrono_literals;

namespace {

constexpr auto noon = from_millis(1'000'000);

restart_policy steady(restart_options options = {}) {
  return {options, [] { return 0.5; }};
}

} // namespace

TEST_SUITE("ingest.restart_policy") {

  TEST_CASE("the delay doubles from failure to failure, up to half a minute") {
    auto policy = steady();
    auto now = noon;
    for (auto expected : {2s, 4s, 8s, 16s, 30s, 30s}) {
      policy.started(now);
      now += 1s;
      auto delay = policy.ended(now);
      REQUIRE(delay);
      CHECK(*delay == expected);
      now += *delay;
    }
  }

  TEST_CASE("a long run makes the next delay the first again") {
    auto policy = steady();
    policy.started(noon);
    policy.ended(noon + 1s);
    policy.started(noon + 3s);
    CHECK(policy.ended(noon + 4s) == 4s);
    policy.started(noon + 8s);
    CHECK(policy.ended(noon + 8s + 30s) == 2s);
  }

  TEST_CASE("a receiver that fails ten times within a minute is given up") {
    restart_options options;
    options.first_delay = 10ms;
    options.longest_delay = 10ms;
    auto policy = steady(options);
    auto now = noon;
    for (int i = 0; i < 10; ++i) {
      CHECK(policy.ended(now) == 10ms);
      now += 5s;
    }
    CHECK(policy.recent_restarts() == 10);
    CHECK_FALSE(policy.ended(noon + 59s));
  }

  TEST_CASE("restarts that are long ago do not count") {
    restart_options options;
    options.max_restarts = 2;
    auto policy = steady(options);
    CHECK(policy.ended(noon));
    CHECK(policy.ended(noon + 30s));
    CHECK_FALSE(policy.ended(noon + 59s));
    CHECK(policy.ended(noon + 60s));
    CHECK_FALSE(policy.ended(noon + 61s));
  }

  TEST_CASE("a delay that was asked for is taken as it is and does not double") {
    auto policy = steady();
    CHECK(policy.ended(noon, 100ms) == 100ms);
    CHECK(policy.ended(noon + 1s, 0ms) == 0ms);
    CHECK(policy.ended(noon + 2s) == 2s);
    CHECK(policy.recent_restarts() == 3);
  }

  TEST_CASE("delays asked for do not save a receiver from being given up") {
    restart_options options;
    options.max_restarts = 1;
    auto policy = steady(options);
    CHECK(policy.ended(noon, 1ms));
    CHECK_FALSE(policy.ended(noon + 1s, 1ms));
  }

  TEST_CASE("with no restarts allowed there is none") {
    restart_options options;
    options.max_restarts = 0;
    CHECK_FALSE(steady(options).ended(noon));
  }

  TEST_CASE("a clock that is set back does not keep old failures for ever") {
    restart_options options;
    options.max_restarts = 1;
    auto policy = steady(options);
    CHECK(policy.ended(noon));
    CHECK_FALSE(policy.ended(noon - 1h));
    CHECK(policy.ended(noon - 1h + 60s));
  }

  TEST_CASE("jitter spreads the delays") {
    restart_policy early{{}, [] { return 0.0; }};
    restart_policy late{{}, [] { return 0.999; }};
    CHECK(early.ended(noon) == 1800ms);
    CHECK(late.ended(noon) == 2199ms);
  }

} // TEST_SUITE
