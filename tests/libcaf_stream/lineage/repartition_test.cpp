#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

namespace {

template <class T>
std::vector<std::int64_t> sizes(const rdd<T>& x) {
  return x
    .map_partitions([](auto& records) {
      std::int64_t n = 0;
      for ([[maybe_unused]] auto& each : records)
        ++n;
      return std::vector{n};
    })
    .collect();
}

} // namespace

TEST_SUITE("lineage.repartition") {

  TEST_CASE("records are spread evenly and all are there") {
    std::vector<int> numbers(1000);
    std::iota(numbers.begin(), numbers.end(), 0);
    for (auto& s : shapes)
      for (std::uint32_t n : {1u, 3u, 10u}) {
        auto dealt = make_test_rdd<int>(s, numbers).repartition(n);
        CHECK(dealt.partitions() == n);
        CHECK(sorted(dealt.collect()) == numbers);
        auto found = sizes(dealt);
        auto [least, most] = std::minmax_element(found.begin(), found.end());
        CHECK(*most - *least <= s.partitions);
      }
  }

  TEST_CASE("dealing begins at the map partition's number, so few records do not all meet in one") {
    rdd<int> rdd = make_test_rdd<int>({4, false}, {0, 1, 2, 3}).repartition(4);
    CHECK(sizes(rdd) == std::vector<std::int64_t>{1, 1, 1, 1});
    CHECK(rdd.collect() == std::vector<int>{0, 1, 2, 3});
  }

  TEST_CASE("text goes on as text, also through an encoding") {
    for (auto& s : shapes) {
      std::vector<std::string> words{"a", "", "longer than sixteen bytes", "d"};
      auto dealt = make_test_rdd<std::string_view>(s, words).repartition(3);
      CHECK(sorted(dealt.collect()) == sorted(words));
      auto pairs = make_test_rdd<std::pair<std::string_view, int>>(s, {{"x", 1}, {"y", 2}});
      CHECK(sorted(pairs.repartition(5).collect()) ==
            std::vector<std::pair<std::string, int>>{{"x", 1}, {"y", 2}});
    }
  }

  TEST_CASE("no partitions are refused") {
    CHECK_THROWS_AS(make_test_rdd<int>({1, false}, {}).repartition(0), error);
  }

} // TEST_SUITE
