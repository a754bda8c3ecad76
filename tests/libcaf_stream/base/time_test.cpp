#include "caf_stream/base/time.hpp"

#include <doctest/doctest.h>

using namespace caf_stream;
using namespace std::chrono_literals;

namespace {

std::vector<std::int64_t> millis(const std::vector<batch_time>& times) {
  std::vector<std::int64_t> result;
  for (auto t : times)
    result.push_back(to_millis(t));
  return result;
}

using numbers = std::vector<std::int64_t>;

} // namespace

TEST_SUITE("base.time") {

  TEST_CASE("times until an end leave it out, times to an end take it in") {
    auto until = [](std::int64_t from, std::int64_t end, duration step) {
      return millis(times_until(from_millis(from), from_millis(end), step));
    };
    CHECK(until(1000, 1100, 100ms) == numbers{1000});
    CHECK(until(1000, 1000, 100ms).empty());
    CHECK(until(1000, 1100, 30ms) == numbers{1000, 1030, 1060, 1090});
    auto to = [](std::int64_t from, std::int64_t last, duration step) {
      return millis(times_to(from_millis(from), from_millis(last), step));
    };
    CHECK(to(1000, 1100, 100ms) == numbers{1000, 1100});
    CHECK(to(1000, 1000, 100ms) == numbers{1000});
    CHECK(to(1000, 1100, 30ms) == numbers{1000, 1030, 1060, 1090});
  }

  TEST_CASE("floor_to gives the latest multiple that is not after a time") {
    auto floored = [](std::int64_t t, duration step) {
      return to_millis(floor_to(from_millis(t), step));
    };
    CHECK(floored(1350, 200ms) == 1200);
    CHECK(floored(1200, 200ms) == 1200);
    CHECK(floored(199, 200ms) == 0);
    CHECK(floored(1, 1ms) == 1);
  }

  TEST_CASE("floor_to counts its multiples from another zero where one is given") {
    CHECK(floor_to(from_millis(1350), 200ms, from_millis(50)) == from_millis(1250));
    CHECK(floor_to(from_millis(1250), 200ms, from_millis(50)) == from_millis(1250));
  }

  TEST_CASE("next_multiple is always after the time") {
    CHECK(next_multiple(from_millis(1350), 200ms) == from_millis(1400));
    CHECK(next_multiple(from_millis(1400), 200ms) == from_millis(1600));
  }

  TEST_CASE("durations are counted in milliseconds") {
    CHECK(duration{1000} + duration{100} == duration{1100});
    CHECK(duration{1000} - duration{100} == duration{900});
    CHECK(duration{100} * 2 == duration{200});
    CHECK(1000ms / 5ms == 200);
    CHECK(std::min(999ms, 1000ms) == 999ms);
    CHECK(std::max(999ms, 1000ms) == 1000ms);
    CHECK(duration{1s}.count() == 1000);
  }

  TEST_CASE("is_multiple_of refuses a zero step") {
    CHECK(is_multiple_of(1000ms, 5ms));
    CHECK_FALSE(is_multiple_of(1000ms, 6ms));
    CHECK(is_multiple_of(0ms, 5ms));
    CHECK_FALSE(is_multiple_of(1000ms, 0ms));
  }

} // TEST_SUITE
