#include <doctest/doctest.h>

#include <limits>
#include <map>
#include <numeric>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

namespace {

std::vector<int> numbers(int n) {
  std::vector<int> result(static_cast<std::size_t>(n));
  std::iota(result.begin(), result.end(), 0);
  return result;
}

} // namespace

TEST_SUITE("lineage.sample") {

  TEST_CASE("about the wanted fraction is taken, each record once, in order") {
    for (auto& s : shapes) {
      auto rdd = make_test_rdd<int>(s, numbers(20'000));
      auto found = rdd.sample(0.25, 7).collect();
      CHECK(found.size() > 4500);
      CHECK(found.size() < 5500);
      CHECK(std::is_sorted(found.begin(), found.end()));
      CHECK(std::adjacent_find(found.begin(), found.end()) == found.end());
      CHECK(rdd.sample(0).collect().empty());
      CHECK(rdd.sample(1).count() == 20'000);
    }
  }

  TEST_CASE("with replacement records come several times, on average as often as wanted") {
    for (auto& s : shapes) {
      auto rdd = make_test_rdd<int>(s, numbers(10'000));
      auto found = rdd.sample(true, 2.0, 3).collect();
      CHECK(found.size() > 19'000);
      CHECK(found.size() < 21'000);
      std::map<int, int> times;
      for (int x : found)
        ++times[x];
      CHECK(times.size() > 8000); // 1 - exp(-2) of them
      CHECK(times.size() < 9200);
      CHECK(rdd.sample(true, 0.0).collect().empty());
    }
  }

  TEST_CASE("the same seed takes the same records, another takes others") {
    for (auto& s : shapes) {
      auto rdd = make_test_rdd<std::string_view>(s, {"a", "b", "c", "d", "e", "f", "g", "h"});
      auto twice = rdd.union_with(rdd).union_with(rdd).union_with(rdd);
      CHECK(twice.sample(0.5, 1).collect() == twice.sample(0.5, 1).collect());
      auto once = twice.sample(0.5);
      CHECK(once.collect() == once.collect());
      CHECK(once.collect() != twice.sample(0.5).collect());
      CHECK(twice.sample(0.5, 1).collect() != twice.sample(0.5, 2).collect());
    }
  }

  TEST_CASE("partitions take records independently of each other") {
    auto taken = make_test_rdd<int>({2, false}, std::vector<int>(200, 1))
                   .zip_with_index()
                   .sample(0.5, 9)
                   .map([](const auto& x) { return x.second % 100 + 1000 * (x.second / 100); })
                   .glom()
                   .collect();
    auto second = taken.at(1);
    for (auto& x : second)
      x -= 1000;
    CHECK(taken[0] != second);
  }

  TEST_CASE("fractions that mean nothing are refused") {
    auto rdd = make_test_rdd<int>({1, false}, {1});
    CHECK_THROWS_AS(rdd.sample(-0.1), error);
    CHECK_THROWS_AS(rdd.sample(1.1), error);
    CHECK_THROWS_AS(rdd.sample(std::numeric_limits<double>::quiet_NaN()), error);
    CHECK_THROWS_AS(rdd.sample(true, -1.0), error);
    CHECK_THROWS_AS(rdd.sample(true, std::numeric_limits<double>::infinity()), error);
    CHECK(rdd.sample(true, 1.1).count() >= 0);
  }

} // TEST_SUITE
