#include "caf_stream/ingest/rate_limiter.hpp"

#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

using namespace caf_stream::ingest;
using namespace std::chrono_literals;

namespace {

using time_point = rate_limiter::time_point;

constexpr time_point start{1h};

// Records that pass in each of `intervals`, for a producer that always has one and, when it has to
// wait, wakes up `late` after it could have.
std::vector<int> passed(rate_limiter& limiter, std::chrono::nanoseconds interval,
                        std::size_t intervals, std::chrono::nanoseconds late = 0ns) {
  std::vector<int> counts(intervals);
  for (auto now = start; now < start + interval * intervals;) {
    auto wait = limiter.try_take(1, now);
    if (wait == 0ns)
      ++counts[static_cast<std::size_t>((now - start) / interval)];
    else
      now += wait + late;
  }
  return counts;
}

} // namespace

TEST_SUITE("ingest.rate_limiter") {

  TEST_CASE("an update without a maximum is taken") {
    rate_limiter limiter;
    CHECK_FALSE(limiter.rate());
    limiter.update(105);
    CHECK(limiter.rate() == 105);
  }

  TEST_CASE("an update below the maximum is taken") {
    rate_limiter limiter{110};
    CHECK(limiter.rate() == 110);
    limiter.update(105);
    CHECK(limiter.rate() == 105);
  }

  TEST_CASE("the rate stays below the maximum, however large an update is") {
    rate_limiter limiter{100};
    limiter.update(105);
    CHECK(limiter.rate() == 100);
  }

  TEST_CASE("an update that is not positive is ignored") {
    rate_limiter limiter{100};
    limiter.update(0);
    limiter.update(-5);
    CHECK(limiter.rate() == 100);
  }

  TEST_CASE("the initial rate is capped at the maximum") {
    CHECK(rate_limiter{100, 50}.rate() == 50);
    CHECK(rate_limiter{100, 500}.rate() == 100);
    CHECK(rate_limiter{std::nullopt, 500}.rate() == 500);
  }

  TEST_CASE("without a limit everything passes at once") {
    rate_limiter limiter;
    CHECK(limiter.portion() == UINT64_MAX);
    for (int i = 0; i < 1000; ++i)
      CHECK(limiter.try_take(1'000'000, start) == 0ns);
  }

  TEST_CASE("1001 records a second are 100 in each tenth of a second") {
    for (auto late : {0ns, 60'000ns, 5'000'000ns}) {
      rate_limiter limiter{1001};
      auto counts = passed(limiter, 100ms, 20, late);
      int sum = 0;
      for (std::size_t i = 0; i < counts.size(); ++i) {
        sum += counts[i];
        if (i == 0 || i + 1 == counts.size())
          continue;
        CHECK(counts[i] >= 95);
        CHECK(counts[i] <= 105);
      }
      CHECK(sum >= 2002 * 0.95);
      CHECK(sum <= 2002 * 1.05);
    }
  }

  TEST_CASE("records a second from one in ten seconds to ten million are exact") {
    for (double rate : {0.1, 1.0, 7.0, 1000.0, 1e5, 1e7}) {
      rate_limiter limiter{rate};
      auto interval = std::chrono::nanoseconds{static_cast<std::int64_t>(20 / rate * 1e9)};
      auto counts = passed(limiter, interval, 5);
      for (auto count : counts)
        CHECK(std::abs(count - 20) <= 1);
    }
  }

  TEST_CASE("a pause is made up for by a twentieth of a second at most") {
    rate_limiter limiter{1000};
    CHECK(limiter.try_take(1, start) == 0ns);
    int at_once = 0;
    while (limiter.try_take(1, start + 1h) == 0ns)
      ++at_once;
    CHECK(at_once == 50);
  }

  TEST_CASE("many records at once pass when the bucket is full and are paid for afterwards") {
    rate_limiter limiter{1000};
    CHECK(limiter.portion() == 50);
    auto now = start + limiter.try_take(200, start);
    CHECK(now - start <= 50ms);
    CHECK(limiter.try_take(200, now) == 0ns);
    auto wait = limiter.try_take(1, now);
    CHECK(wait > 149ms);
    CHECK(wait < 153ms);
  }

  TEST_CASE("an update takes effect for who asks again") {
    rate_limiter limiter{std::nullopt, 1};
    CHECK(limiter.try_take(1, start) == 0ns);
    CHECK(limiter.try_take(1, start) > 900ms);
    limiter.update(1000);
    CHECK(limiter.try_take(1, start) <= 1ms);
  }

  TEST_CASE("a time that stands still or goes back gives no tokens") {
    rate_limiter limiter{10};
    CHECK(limiter.try_take(1, start) == 0ns);
    CHECK(limiter.try_take(1, start) > 0ns);
    CHECK(limiter.try_take(1, start - 1h) > 0ns);
    CHECK(limiter.try_take(1, start) > 0ns);
  }

} // TEST_SUITE
