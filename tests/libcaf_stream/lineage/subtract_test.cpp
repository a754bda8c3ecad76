#include <doctest/doctest.h>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

TEST_SUITE("lineage.subtract") {

  TEST_CASE("subtract keeps what the other side has not, as often as it is there") {
    for (auto& s : shapes) {
      auto left = make_test_rdd<int>(s, {1, 2, 2, 3, 4, 4, 4});
      rdd<int> right{lineage::make_values<int>({2, 3, 3, 9}, 3), left.engine()};
      auto found = left.subtract(right, 2);
      CHECK(found.partitions() == 2);
      CHECK(sorted(found.collect()) == std::vector<int>{1, 4, 4, 4});
      CHECK(sorted(right.subtract(left).collect()) == std::vector<int>{9});
    }
  }

  TEST_CASE("intersection has what both have, once") {
    for (auto& s : shapes) {
      auto left = make_test_rdd<std::string_view>(s, {"a", "b", "b", "c"});
      rdd<std::string> right{lineage::make_values<std::string>({"b", "b", "", "c"}, 3),
                             left.engine()};
      CHECK(sorted(left.intersection(right).collect()) == std::vector<std::string>{"b", "c"});
      CHECK(sorted(right.intersection(left, 5).collect()) == std::vector<std::string>{"b", "c"});
      CHECK(sorted(left.subtract(right).collect()) == std::vector<std::string>{"a"});
    }
  }

  TEST_CASE("subtract_by_key looks at keys only, whatever the other values are") {
    for (auto& s : shapes) {
      auto left = make_test_rdd<std::pair<std::string_view, int>>(
        s, {{"a", 1}, {"b", 2}, {"a", 3}, {"c", 4}});
      rdd<std::pair<std::string, double>> right{
        lineage::make_values<std::pair<std::string, double>>({{"b", 0.5}, {"b", 1}}, 2),
        left.engine()};
      CHECK(sorted(left.subtract_by_key(right).collect()) ==
            std::vector<std::pair<std::string, int>>{{"a", 1}, {"a", 3}, {"c", 4}});
      CHECK(right.subtract_by_key(left).collect().empty());
    }
  }

  TEST_CASE("many records come out in chunks") {
    std::vector<std::pair<int, int>> pairs;
    for (int i = 0; i < 5000; ++i)
      pairs.emplace_back(i % 3, i);
    for (auto& s : shapes) {
      auto left = make_test_rdd<std::pair<int, int>>(s, pairs);
      auto ones = left.filter([](const auto& x) { return x.first == 1; });
      CHECK(left.subtract_by_key(ones).count() == 5000 - 1667);
      auto numbers = left.map([](const auto& x) { return x.second; });
      auto even = numbers.filter([](int x) { return x % 2 == 0; });
      CHECK(numbers.subtract(even).count() == 2500);
      CHECK(numbers.intersection(even).count() == 2500);
    }
  }

  TEST_CASE("booleans are records like others") {
    for (auto& s : shapes) {
      auto both = make_test_rdd<bool>(s, {true, false, true});
      auto yes = both.filter([](bool x) { return x; });
      CHECK(both.subtract(yes).collect() == std::vector<bool>{false});
      CHECK(both.intersection(yes).collect() == std::vector<bool>{true});
    }
  }

} // TEST_SUITE
