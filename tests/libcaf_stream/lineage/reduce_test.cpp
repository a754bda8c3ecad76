#include <doctest/doctest.h>

#include "caf_stream/lineage/count.hpp"
#include "caf_stream/lineage/reduce.hpp"
#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

namespace {

template <class T, class F>
rdd<owned_t<T>> reduced(const rdd<T>& x, F f) {
  return {lineage::make_reduce<T>(x.dataset(), std::make_shared<const F>(f)), x.engine()};
}

template <class T>
rdd<std::int64_t> counted(const rdd<T>& x) {
  return {lineage::make_count<T>(x.dataset()), x.engine()};
}

} // namespace

TEST_SUITE("lineage.reduce") {

  TEST_CASE("all records become one, in one partition, in the order they were in") {
    for (auto& s : shapes) {
      std::vector<std::string> letters{"s", "t", "r", "e", "a", "m"};
      auto word = reduced(make_test_rdd<std::string>(s, letters), std::plus{});
      CHECK(word.partitions() == 1);
      CHECK(word.collect() == std::vector<std::string>{"stream"});
      auto longest =
        reduced(make_test_rdd<std::string_view>(s, {"a", "three", "bb"}),
                [](std::string_view a, std::string_view b) { return a.size() < b.size() ? b : a; });
      CHECK(longest.collect() == std::vector<std::string>{"three"});
    }
  }

  TEST_CASE("no records reduce to none") {
    for (auto& s : shapes) {
      CHECK(reduced(make_test_rdd<int>(s, {}), std::plus{}).collect().empty());
      CHECK(
        reduced(rdd<int>{lineage::make_union({}), s.make_engine()}, std::plus{}).collect().empty());
    }
  }

  TEST_CASE("a count is one record, 0 where there is nothing to count") {
    for (auto& s : shapes) {
      CHECK(counted(make_test_rdd<int>(s, std::vector<int>(3000, 1))).collect() ==
            std::vector<std::int64_t>{3000});
      CHECK(counted(make_test_rdd<int>(s, {})).collect() == std::vector<std::int64_t>{0});
      CHECK(counted(rdd<int>{lineage::make_union({}), s.make_engine()}).collect() ==
            std::vector<std::int64_t>{0});
    }
  }

  TEST_CASE("counts by value are those of a plain map") {
    for (auto& s : shapes) {
      auto found =
        sorted(make_test_rdd<std::string_view>(s, {"a", "b", "a", "c", "a", "b"}).count_by_value());
      CHECK(found ==
            std::vector<std::pair<std::string, std::int64_t>>{{"a", 3}, {"b", 2}, {"c", 1}});
    }
  }

} // TEST_SUITE
