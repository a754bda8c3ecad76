#include <doctest/doctest.h>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

TEST_SUITE("lineage.glom") {

  TEST_CASE("each partition becomes the list of its records") {
    auto lists = make_test_rdd<int>({2, false}, {1, 2, 3, 4}).glom().collect();
    CHECK(lists == std::vector<std::vector<int>>{{1, 2}, {3, 4}});
    for (auto& s : shapes) {
      auto glommed = make_test_rdd<std::string_view>(s, {"a", "", "c"}).glom();
      CHECK(glommed.partitions() == s.partitions);
      auto found = glommed.collect();
      CHECK(found.size() == s.partitions);
      std::vector<std::string> all;
      for (auto& list : found)
        all.insert(all.end(), list.begin(), list.end());
      CHECK(all == std::vector<std::string>{"a", "", "c"});
    }
  }

  TEST_CASE("empty partitions become empty lists") {
    CHECK(make_test_rdd<int>({3, true}, {}).glom().collect() == std::vector<std::vector<int>>(3));
    rdd<int> none{lineage::make_union({}), shapes[0].make_engine()};
    CHECK(none.glom().collect().empty());
  }

  TEST_CASE("booleans and records without an encoding have lists as well") {
    struct point {
      int x;
    };
    for (auto& s : shapes) {
      auto flags = make_test_rdd<bool>(s, {true, false, true}).glom().collect();
      std::vector<bool> all;
      for (auto& list : flags)
        all.insert(all.end(), list.begin(), list.end());
      CHECK(all == std::vector<bool>{true, false, true});
      auto sizes = make_test_rdd<int>(s, {1, 2, 3})
                     .map([](int x) { return point{x}; })
                     .glom()
                     .map([](const std::vector<point>& list) { return list.size(); })
                     .reduce(std::plus{});
      CHECK(sizes == 3);
    }
  }

} // TEST_SUITE
