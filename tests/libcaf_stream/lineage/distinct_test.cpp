#include <doctest/doctest.h>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

TEST_SUITE("lineage.distinct") {

  TEST_CASE("each record is there once") {
    for (auto& s : shapes) {
      std::vector<int> numbers;
      std::vector<int> expected;
      for (int i = 0; i < 4000; ++i)
        numbers.push_back(i * i % 1500);
      expected = sorted(numbers);
      expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
      auto found = make_test_rdd<int>(s, numbers).distinct(3);
      CHECK(found.partitions() == 3);
      CHECK(sorted(found.collect()) == expected);
    }
  }

  TEST_CASE("text is owned in what comes out, and equal text is equal wherever it stands") {
    for (auto& s : shapes) {
      auto found = make_test_rdd<std::string_view>(s, {"b", "a", "", "b", "a", "b"}).distinct();
      static_assert(std::is_same_v<decltype(found)::value_type, std::string>);
      CHECK(sorted(found.collect()) == std::vector<std::string>{"", "a", "b"});
      CHECK(make_test_rdd<bool>(s, {true, true}).distinct().collect() == std::vector<bool>{true});
      CHECK(make_test_rdd<int>(s, {}).distinct().collect().empty());
    }
  }

} // TEST_SUITE
