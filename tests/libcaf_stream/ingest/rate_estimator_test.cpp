#include "caf_stream/ingest/rate_estimator.hpp"

#include <algorithm>
#include <deque>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "caf_stream/base/error.hpp"

using namespace caf_stream;
using namespace caf_stream::ingest;

namespace {

using estimates = std::vector<std::optional<double>>;

batch_time at(std::int64_t millis) { return from_millis(millis); }

rate_estimator_options weights(duration interval, double p, double i, double d, double min_rate) {
  rate_estimator_options result;
  result.batch_interval = interval;
  result.proportional = p;
  result.integral = i;
  result.derived = d;
  result.min_rate = min_rate;
  return result;
}

// Estimates after batches of so many records each, one every 20 ms, which run for 20 ms.
estimates after_batches(rate_estimator estimator, const std::vector<std::int64_t>& records,
                        duration scheduling_delay) {
  estimates result;
  for (std::size_t i = 0; i < records.size(); ++i)
    result.push_back(estimator.compute(at(static_cast<std::int64_t>(i) * 20), records[i],
                                       duration{20}, scheduling_delay));
  return result;
}

// Rates in force at the end of each second, for a source that always has records, a sink that
// takes 2 ms for each, and batches of a second that run one after the other.
std::vector<double> simulate(double initial_rate, int batches) {
  struct finished {
    batch_time end;
    std::int64_t records;
    duration ran, waited;
  };
  rate_estimator estimator{rate_estimator_options{}};
  std::deque<finished> untold;
  std::vector<double> rates;
  auto rate = initial_rate;
  auto idle_from = at(0);
  for (auto tick = at(1000); batches > 0; tick += duration{1000}, --batches) {
    while (!untold.empty() && untold.front().end <= tick - duration{1000}) {
      auto& batch = untold.front();
      rate = estimator.compute(batch.end, batch.records, batch.ran, batch.waited).value_or(rate);
      untold.pop_front();
    }
    auto records = static_cast<std::int64_t>(rate);
    auto begin = std::max(tick, idle_from);
    auto ran = duration{2 * records};
    idle_from = begin + ran;
    untold.push_back({idle_from, records, ran, begin - tick});
    rates.push_back(rate);
  }
  return rates;
}

} // namespace

TEST_SUITE("ingest.rate_estimator") {

  TEST_CASE("options out of range are refused") {
    const duration ms100{100};
    for (auto& options :
         {weights(duration{0}, 1, 2, 3, 10), weights(duration{-1}, 1, 2, 3, 10),
          weights(ms100, -1, 2, 3, 10), weights(ms100, 0, -1, 3, 10), weights(ms100, 0, 0, -1, 10),
          weights(ms100, 0, 0, 0, 0), weights(ms100, 0, 0, 0, -10)}) {
      try {
        rate_estimator{options};
        FAIL("it was taken");
      } catch (const error& e) {
        CHECK(e.code() == errc::invalid_setting);
      }
    }
    CHECK_NOTHROW(rate_estimator{weights(duration{1}, 0, 0, 0, 0.1)});
  }

  TEST_CASE("the first batch gives no estimate, the second one does") {
    rate_estimator estimator{weights(duration{20}, 1, 1, 0, 10)};
    CHECK_FALSE(estimator.compute(at(0), 10, duration{10}, duration{0}));
    CHECK(estimator.compute(at(10), 10, duration{10}, duration{0}) == 1000);
  }

  TEST_CASE("a batch that tells nothing gives no estimate and changes none") {
    rate_estimator estimator{weights(duration{20}, 1, 1, 0, 10)};
    CHECK_FALSE(estimator.compute(at(0), 0, duration{10}, duration{0}));
    CHECK_FALSE(estimator.compute(at(0), 10, duration{10}, duration{0}));
    CHECK_FALSE(estimator.compute(at(0), 20, duration{10}, duration{0}));  // no later
    CHECK_FALSE(estimator.compute(at(-5), 20, duration{10}, duration{0})); // earlier
    CHECK_FALSE(estimator.compute(at(10), 0, duration{10}, duration{0}));
    CHECK_FALSE(estimator.compute(at(10), 20, duration{0}, duration{0}));
    CHECK(estimator.compute(at(10), 10, duration{10}, duration{0}) == 1000);
  }

  TEST_CASE("the estimate is never below the least rate") {
    auto found = after_batches(rate_estimator{weights(duration{20}, 1, 1, 0, 5)},
                               std::vector<std::int64_t>(50, 1), duration{100});
    CHECK_FALSE(found[0]);
    for (std::size_t i = 1; i < found.size(); ++i)
      CHECK(found[i] == 5);
  }

  TEST_CASE("without a backlog it follows the speed of processing, up and down") {
    for (bool up : {true, false}) {
      CAPTURE(up);
      std::vector<std::int64_t> records;
      for (std::int64_t i = 0; i < 50; ++i)
        records.push_back((up ? i + 1 : 50 - i) * 20);
      auto found =
        after_batches(rate_estimator{weights(duration{20}, 1, 1, 0, 10)}, records, duration{0});
      CHECK_FALSE(found[0]);
      for (std::size_t i = 1; i < found.size(); ++i)
        CHECK(found[i].value() == doctest::Approx(static_cast<double>(records[i]) * 50));
    }
  }

  TEST_CASE("with a backlog it stays below the speed of processing") {
    auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random{seed};
    std::vector<std::int64_t> records(50);
    for (auto& n : records)
      n = std::uniform_int_distribution{1, 1000}(random);
    auto waited = duration{std::uniform_int_distribution{1, 19}(random)};
    auto found =
      after_batches(rate_estimator{weights(duration{20}, 1, 0.01, 0, 10)}, records, waited);
    CHECK_FALSE(found[0]);
    for (std::size_t i = 1; i < found.size(); ++i)
      CHECK(found[i].value() < static_cast<double>(records[i]) * 50);
  }

  TEST_CASE("each weight counts as it says") {
    // Processing falls from 1000 records a second to 500: the error is 500. The batch waited for
    // half an interval: 250 more. The error came about within two seconds: 250 a second.
    auto second = [](double p, double i, double d) {
      rate_estimator estimator{weights(duration{1000}, p, i, d, 10)};
      CHECK_FALSE(estimator.compute(at(1000), 1000, duration{1000}, duration{0}));
      return estimator.compute(at(3000), 500, duration{1000}, duration{500}).value();
    };
    CHECK(second(0, 0, 0) == doctest::Approx(1000));
    CHECK(second(0.5, 0, 0) == doctest::Approx(750));
    CHECK(second(0, 0.5, 0) == doctest::Approx(875));
    CHECK(second(0, 0, 0.5) == doctest::Approx(875));
    CHECK(second(0.5, 0.5, 0.5) == doctest::Approx(500));
  }

  TEST_CASE("a change of the error is one since the batch before") {
    rate_estimator estimator{weights(duration{1000}, 0, 0, 1, 10)};
    CHECK_FALSE(estimator.compute(at(0), 1000, duration{1000}, duration{0}));
    CHECK(estimator.compute(at(1000), 900, duration{1000}, duration{0}).value() ==
          doctest::Approx(900));
    // The error has fallen from 100 to 0.
    CHECK(estimator.compute(at(2000), 900, duration{1000}, duration{0}).value() ==
          doctest::Approx(1000));
  }

  TEST_CASE("with the usual weights the rate settles at what a slow sink can take") {
    for (double initial : {100.0, 750.0, 1000.0}) {
      CAPTURE(initial);
      auto rates = simulate(initial, 60);
      for (std::size_t i = 20; i < rates.size(); ++i) {
        CAPTURE(i);
        CHECK(rates[i] >= 400);
        CHECK(rates[i] <= 600);
      }
    }
  }

} // TEST_SUITE
