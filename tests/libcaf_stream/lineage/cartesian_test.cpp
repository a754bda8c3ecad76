#include <doctest/doctest.h>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

TEST_SUITE("lineage.cartesian") {

  TEST_CASE("each record is paired with each of the other side") {
    for (auto& s : shapes) {
      auto left = make_test_rdd<int>(s, {1, 2, 3});
      rdd<std::string_view> right{lineage::make_values<std::string_view>({"a", "b"}, 2),
                                  left.engine()};
      auto product = left.cartesian(right);
      CHECK(product.partitions() == 2 * s.partitions);
      CHECK(sorted(product.collect()) ==
            std::vector<std::pair<int, std::string>>{
              {1, "a"}, {1, "b"}, {2, "a"}, {2, "b"}, {3, "a"}, {3, "b"}});
      CHECK(sorted(right.cartesian(left).collect()).front() == std::pair{std::string{"a"}, 1});
    }
  }

  TEST_CASE("many records come out in chunks") {
    std::vector<int> numbers(3000);
    for (int i = 0; i < 3000; ++i)
      numbers[std::size_t(i)] = i;
    for (auto& s : shapes) {
      auto left = make_test_rdd<int>(s, numbers);
      rdd<int> right{lineage::make_values<int>({0, 10'000, 20'000}, 2), left.engine()};
      auto sums = left.cartesian(right).map([](const auto& x) { return x.first + x.second; });
      CHECK(sums.count() == 9000);
      CHECK(sums.distinct().count() == 9000);
      auto others = right.cartesian(left).map([](const auto& x) { return x.first + x.second; });
      CHECK(others.distinct().count() == 9000);
    }
  }

  TEST_CASE("a side may be empty, of booleans, or the same as the other") {
    for (auto& s : shapes) {
      auto left = make_test_rdd<bool>(s, {true, false});
      rdd<bool> none{lineage::make_values<bool>({}, 2), left.engine()};
      CHECK(left.cartesian(none).collect().empty());
      CHECK(none.cartesian(left).collect().empty());
      CHECK(left.cartesian(left).count() == 4);
      rdd<bool> nowhere{lineage::make_union({}), left.engine()};
      CHECK(left.cartesian(nowhere).partitions() == 0);
      CHECK(left.cartesian(nowhere).collect().empty());
    }
  }

  TEST_CASE("more partitions than can be numbered are refused") {
    rdd<int> wide{lineage::make_values<int>({}, 70'000), shapes[0].make_engine()};
    CHECK_THROWS_AS(wide.cartesian(wide), error);
  }

} // TEST_SUITE
