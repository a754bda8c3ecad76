#include <doctest/doctest.h>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

TEST_SUITE("lineage.zip_with_index") {

  TEST_CASE("records are numbered in partition order") {
    for (auto& s : shapes) {
      auto numbered = make_test_rdd<std::string_view>(s, {"a", "b", "c", "d", "e"})
                        .filter([](std::string_view x) { return x != "b"; })
                        .zip_with_index();
      static_assert(
        std::is_same_v<decltype(numbered)::value_type, std::pair<std::string_view, std::int64_t>>);
      CHECK(numbered.partitions() == s.partitions);
      CHECK(numbered.collect() == std::vector<std::pair<std::string, std::int64_t>>{
                                    {"a", 0}, {"c", 1}, {"d", 2}, {"e", 3}});
    }
  }

  TEST_CASE("numbers go on over chunks and partitions") {
    for (auto& s : shapes) {
      std::vector<int> numbers(5000);
      for (int i = 0; i < 5000; ++i)
        numbers[std::size_t(i)] = i;
      auto wrong = make_test_rdd<int>(s, numbers).zip_with_index().filter([](const auto& x) {
        return x.first != x.second;
      });
      CHECK(wrong.collect().empty());
    }
  }

  TEST_CASE("what has been shuffled can be numbered, and numbered again") {
    for (auto& s : shapes) {
      auto twice = make_test_rdd<int>(s, {5, 6, 7, 8}).repartition(3).zip_with_index();
      auto again = twice.zip_with_index();
      auto wrong = again.filter([](const auto& x) { return x.first.second != x.second; });
      CHECK(again.count() == 4);
      CHECK(wrong.count() == 0);
      rdd<int> none{lineage::make_union({}), s.make_engine()};
      CHECK(none.zip_with_index().collect().empty());
    }
  }

} // TEST_SUITE
