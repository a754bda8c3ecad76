#include <doctest/doctest.h>

#include <map>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

namespace {

struct by_parity {
  std::uint32_t count() const { return 2; }
  std::uint32_t operator()(int key) const { return static_cast<std::uint32_t>(key % 2); }
};

} // namespace

TEST_SUITE("lineage.group_by_key") {

  TEST_CASE("each key has all its values, in the order in which they came") {
    for (auto& s : shapes) {
      std::vector<std::pair<int, std::string>> pairs;
      std::map<int, std::vector<std::string>> expected;
      for (int i = 0; i < 5000; ++i) {
        auto key = i * i % 1009;
        pairs.emplace_back(key, std::to_string(i));
        expected[key].push_back(pairs.back().second);
      }
      auto grouped = make_test_rdd<std::pair<int, std::string>>(s, pairs).group_by_key(3);
      CHECK(grouped.partitions() == 3);
      auto found = grouped.collect();
      CHECK(found.size() == expected.size());
      CHECK(std::map(found.begin(), found.end()) == expected);
    }
  }

  TEST_CASE("views become owned keys and values, and the empty string is a key") {
    for (auto& s : shapes) {
      auto grouped = make_test_rdd<std::pair<std::string_view, std::string_view>>(
                       s, {{"", "x"}, {"k", "y"}, {"", "z"}})
                       .group_by_key();
      static_assert(std::is_same_v<decltype(grouped)::value_type,
                                   std::pair<std::string, std::vector<std::string>>>);
      CHECK(sorted(grouped.collect()) ==
            std::vector<std::pair<std::string, std::vector<std::string>>>{{"", {"x", "z"}},
                                                                          {"k", {"y"}}});
    }
  }

  TEST_CASE("a partitioner decides where keys go; one that leaves its range is an error") {
    struct broken {
      std::uint32_t count() const { return 2; }
      std::uint32_t operator()(int) const { return 2; }
    };
    for (auto& s : shapes) {
      auto pairs = make_test_rdd<std::pair<int, int>>(s, {{1, 1}, {2, 2}, {3, 3}, {1, 4}});
      auto keys = pairs.group_by_key(by_parity{}).glom().collect();
      REQUIRE(keys.size() == 2);
      CHECK(keys[0] == std::vector<std::pair<int, std::vector<int>>>{{2, {2}}});
      CHECK(sorted(keys[1]) ==
            std::vector<std::pair<int, std::vector<int>>>{{1, {1, 4}}, {3, {3}}});
      CHECK_THROWS_AS(pairs.group_by_key(broken{}).collect(), error);
      CHECK_THROWS_AS(pairs.group_by_key(0), error);
      CHECK_THROWS_AS(pairs.group_by_key(-1), error);
    }
  }

  TEST_CASE("the same input gives the same output in the same order") {
    for (auto& s : shapes) {
      auto run = [&s] {
        std::vector<std::pair<int, int>> pairs;
        for (int i = 0; i < 1000; ++i)
          pairs.emplace_back(i % 97, i);
        return make_test_rdd<std::pair<int, int>>(s, pairs).group_by_key().collect();
      };
      CHECK(run() == run());
    }
  }

  TEST_CASE("values without an encoding are grouped inside a process") {
    struct point {
      int x;
    };
    for (auto& s : shapes) {
      auto found = make_test_rdd<int>(s, {1, 2, 3, 4})
                     .map([](int x) {
                       return std::pair{x % 2, point{x}};
                     })
                     .group_by_key()
                     .map_values([](const std::vector<point>& values) { return values.size(); })
                     .collect();
      CHECK(sorted(found) == std::vector<std::pair<int, std::size_t>>{{0, 2}, {1, 2}});
    }
  }

  TEST_CASE("a data set without partitions or records gives empty partitions") {
    for (auto& s : shapes) {
      rdd<std::pair<int, int>> none{lineage::make_union({}), s.make_engine()};
      CHECK(none.group_by_key(4).partitions() == 4);
      CHECK(none.group_by_key(4).collect().empty());
      CHECK(make_test_rdd<std::pair<int, int>>(s, {}).group_by_key().collect().empty());
    }
  }

} // TEST_SUITE
