#include <doctest/doctest.h>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

TEST_SUITE("lineage.persist") {

  TEST_CASE("a persisted data set is computed once for all its readers") {
    for (auto& s : shapes) {
      auto calls = std::make_shared<int>(0);
      auto kept = make_test_rdd<int>(s, {1, 2, 3, 4, 5, 6, 7, 8})
                    .map([calls](int x) {
                      ++*calls;
                      return x;
                    })
                    .persist();
      CHECK(kept.map([](int x) { return x * 2; }).reduce(std::plus{}) == 72);
      CHECK(kept.count() == 8);
      CHECK(kept.union_with(kept).count() == 16);
      CHECK(*calls == 8);
    }
  }

  TEST_CASE("without persist every action computes anew") {
    auto calls = std::make_shared<int>(0);
    auto mapped = make_test_rdd<int>({2, false}, {1, 2, 3}).map([calls](int x) {
      ++*calls;
      return x;
    });
    mapped.count();
    mapped.count();
    CHECK(*calls == 6);
  }

  TEST_CASE("views are kept as what they show") {
    for (auto& s : shapes) {
      auto kept = make_test_rdd<int>(s, {1, 2, 3})
                    .map([](int x) { return std::string(20, 'x') + std::to_string(x); })
                    .map([](const std::string& x) {
                      return std::pair{std::string_view{x}, 1};
                    })
                    .cache();
      auto expected = kept.collect();
      CHECK(expected[2].first == std::string(20, 'x') + "3");
      CHECK(kept.collect() == expected);
    }
  }

  TEST_CASE("take reads no more than it needs, but keeps whole partitions") {
    auto kept = make_test_rdd<int>({2, false}, std::vector<int>(10'000, 1)).persist();
    CHECK(kept.take(1).size() == 1);
    CHECK(kept.count() == 10'000);
  }

} // TEST_SUITE
