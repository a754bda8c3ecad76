#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <memory>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

TEST_SUITE("lineage.function_combiner") {

  TEST_CASE("combine_by_key makes, extends and merges what it combines in") {
    for (auto& s : shapes) {
      using sum_and_count = std::pair<double, int>;
      auto scores = make_test_rdd<std::pair<std::string_view, int>>(
        s, {{"ann", 1}, {"bob", 5}, {"ann", 2}, {"ann", 6}});
      auto means = scores
                     .combine_by_key(
                       [](int v) {
                         return sum_and_count{v, 1};
                       },
                       [](sum_and_count acc, int v) {
                         return sum_and_count{acc.first + v, acc.second + 1};
                       },
                       [](sum_and_count acc, const sum_and_count& other) {
                         return sum_and_count{acc.first + other.first, acc.second + other.second};
                       },
                       3)
                     .map_values([](const sum_and_count& x) { return x.first / x.second; });
      CHECK(means.partitions() == 3);
      CHECK(sorted(means.collect()) ==
            std::vector<std::pair<std::string, double>>{{"ann", 3}, {"bob", 5}});
    }
  }

  TEST_CASE("what is combined in is owned, also where create gives the view itself") {
    for (auto& s : shapes) {
      auto lines = make_test_rdd<std::pair<int, std::string_view>>(
        s, {{1, "a"}, {2, "b"}, {1, "c"}, {1, "a longer one, which is not inside the string"}});
      auto append = [](std::string acc, std::string_view v) { return acc += v; };
      auto found = lines.combine_by_key([](std::string_view v) { return v; }, append, append);
      static_assert(std::is_same_v<decltype(found)::value_type, std::pair<int, std::string>>);
      CHECK(sorted(found.collect()) ==
            std::vector<std::pair<int, std::string>>{
              {1, "aca longer one, which is not inside the string"}, {2, "b"}});
    }
  }

  TEST_CASE("functions may ask for owned values") {
    for (auto& s : shapes) {
      auto lines = make_test_rdd<std::pair<int, std::string_view>>(s, {{1, "a"}, {1, "b"}});
      using list = std::vector<std::string>;
      auto found = lines
                     .combine_by_key([](const std::string& v) { return list{v}; },
                                     [](list acc, const std::string& v) {
                                       acc.push_back(v);
                                       return acc;
                                     },
                                     [](list acc, const list& other) {
                                       acc.insert(acc.end(), other.begin(), other.end());
                                       return acc;
                                     })
                     .collect();
      CHECK(found == std::vector<std::pair<int, list>>{{1, {"a", "b"}}});
    }
  }

  TEST_CASE("without a map side each key's values meet in one partition and are merged nowhere") {
    for (auto& s : shapes) {
      auto scores = make_test_rdd<std::pair<std::string_view, std::string_view>>(
        s, {{"ann", "a"}, {"bob", "b"}, {"ann", "c"}, {"eve", "d"}, {"ann", "e"}});
      auto created = std::make_shared<std::atomic<int>>(0);
      auto merged = std::make_shared<std::atomic<int>>(0);
      auto found = scores.combine_by_key(
        [created](std::string_view v) {
          ++*created;
          return std::string{v};
        },
        [](std::string acc, std::string_view v) { return acc += v; },
        [merged](std::string acc, const std::string& other) {
          ++*merged;
          return acc += other;
        },
        3, false);
      CHECK(found.partitions() == 3);
      CHECK(sorted(found.collect()) == std::vector<std::pair<std::string, std::string>>{
                                         {"ann", "ace"}, {"bob", "b"}, {"eve", "d"}});
      CHECK(*created == 3);
      CHECK(*merged == 0);
    }
  }

} // TEST_SUITE
