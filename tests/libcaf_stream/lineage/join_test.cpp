#include <doctest/doctest.h>

#include <map>
#include <set>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

namespace {

using left_pair = std::pair<std::string_view, int>;
using right_pair = std::pair<std::string, std::string>;

rdd<left_pair> people(const shape& s) {
  return make_test_rdd<left_pair>(s, {{"ann", 1}, {"bob", 2}, {"ann", 3}, {"", 4}});
}

// The right side is cut in another way than the left.
rdd<right_pair> towns(const shape& s, const rdd<left_pair>& beside) {
  auto values = lineage::make_values<right_pair>(
    {{"ann", "Oslo"}, {"eve", "Rome"}, {"ann", "Lima"}, {"", "Bonn"}}, s.partitions + 1);
  return {std::move(values), beside.engine()};
}

struct point {
  int x = 0;
  int y = 0;
  bool operator==(const point&) const = default;
  MSGPACK_DEFINE(x, y)
};

} // namespace

TEST_SUITE("lineage.join") {

  TEST_CASE("join pairs each value of a key with each of the other side") {
    using record = std::pair<std::string, std::pair<int, std::string>>;
    for (auto& s : shapes) {
      auto left = people(s);
      auto joined = left.join(towns(s, left), 3);
      static_assert(std::is_same_v<decltype(joined)::value_type, record>);
      CHECK(joined.partitions() == 3);
      CHECK(sorted(joined.collect()) == std::vector<record>{{"", {4, "Bonn"}},
                                                            {"ann", {1, "Lima"}},
                                                            {"ann", {1, "Oslo"}},
                                                            {"ann", {3, "Lima"}},
                                                            {"ann", {3, "Oslo"}}});
    }
  }

  TEST_CASE("outer joins keep what the other side lacks") {
    for (auto& s : shapes) {
      auto left = people(s);
      auto right = towns(s, left);
      auto lefts = left.filter([](const left_pair& x) { return x.second != 3; });
      auto rights = right.filter([](const right_pair& x) { return x.second != "Lima"; });
      using std::nullopt;
      using of_left = std::pair<std::string, std::pair<int, std::optional<std::string>>>;
      CHECK(sorted(lefts.left_outer_join(rights).collect()) ==
            std::vector<of_left>{{"", {4, "Bonn"}}, {"ann", {1, "Oslo"}}, {"bob", {2, nullopt}}});
      using of_right = std::pair<std::string, std::pair<std::optional<int>, std::string>>;
      CHECK(
        sorted(lefts.right_outer_join(rights).collect()) ==
        std::vector<of_right>{{"", {4, "Bonn"}}, {"ann", {1, "Oslo"}}, {"eve", {nullopt, "Rome"}}});
      using of_both =
        std::pair<std::string, std::pair<std::optional<int>, std::optional<std::string>>>;
      CHECK(sorted(lefts.full_outer_join(rights).collect()) ==
            std::vector<of_both>{{"", {4, "Bonn"}},
                                 {"ann", {1, "Oslo"}},
                                 {"bob", {2, nullopt}},
                                 {"eve", {nullopt, "Rome"}}});
    }
  }

  TEST_CASE("cogroup has the values of both sides for each key of either") {
    using record = std::pair<std::string, std::pair<std::vector<int>, std::vector<std::string>>>;
    for (auto& s : shapes) {
      auto left = people(s);
      auto found = left.cogroup(towns(s, left)).collect();
      CHECK(sorted(found) == std::vector<record>{{"", {{4}, {"Bonn"}}},
                                                 {"ann", {{1, 3}, {"Oslo", "Lima"}}},
                                                 {"bob", {{2}, {}}},
                                                 {"eve", {{}, {"Rome"}}}});
    }
  }

  TEST_CASE("joins of many keys are what nested loops find") {
    for (auto& s : shapes) {
      std::vector<std::pair<int, int>> a;
      std::vector<std::pair<int, int>> b;
      for (int i = 0; i < 2000; ++i) {
        a.emplace_back(i * 7 % 613, i);
        b.emplace_back(300 + i * 11 % 599, -i);
      }
      std::multimap<int, int> index(b.begin(), b.end());
      std::set<int> keys_of_a;
      std::size_t matches = 0;
      std::int64_t sum = 0;
      std::size_t alone_left = 0;
      for (auto& [k, v] : a) {
        keys_of_a.insert(k);
        auto [first, last] = index.equal_range(k);
        alone_left += first == last;
        for (; first != last; ++first) {
          ++matches;
          sum += std::int64_t{v} * first->second;
        }
      }
      std::size_t alone_right = 0;
      for (auto& each : b)
        alone_right += !keys_of_a.contains(each.first);
      auto left = make_test_rdd<std::pair<int, int>>(s, a);
      rdd<std::pair<int, int>> right{lineage::make_values<std::pair<int, int>>(b, 3),
                                     left.engine()};
      auto product = left.join(right).map(
        [](const auto& x) { return std::int64_t{x.second.first} * x.second.second; });
      CHECK(product.count() == static_cast<std::int64_t>(matches));
      CHECK(product.reduce(std::plus{}) == sum);
      auto size = [](std::size_t n) { return static_cast<std::int64_t>(n); };
      CHECK(left.left_outer_join(right).count() == size(matches + alone_left));
      CHECK(left.right_outer_join(right).count() == size(matches + alone_right));
      CHECK(left.full_outer_join(right).count() == size(matches + alone_left + alone_right));
    }
  }

  TEST_CASE("a key with many values on both sides comes out in chunks, in order") {
    std::vector<std::pair<int, int>> many;
    for (int i = 0; i < 120; ++i)
      many.emplace_back(7, i);
    auto left = make_test_rdd<std::pair<int, int>>({1, false}, many);
    auto found = left.join(left, 1).collect();
    REQUIRE(found.size() == 120 * 120);
    CHECK(std::is_sorted(found.begin(), found.end()));
    CHECK(found.back() == std::pair{7, std::pair{119, 119}});
  }

  TEST_CASE("a side without partitions or records is an empty side") {
    for (auto& s : shapes) {
      auto left = people(s);
      rdd<right_pair> none{lineage::make_union({}), left.engine()};
      CHECK(left.join(none).collect().empty());
      CHECK(left.left_outer_join(none).count() == 4);
      CHECK(none.left_outer_join(left).collect().empty());
      CHECK(none.full_outer_join(left).count() == 4);
      CHECK(left.cogroup(none).count() == 3);
      CHECK(left.subtract_by_key(none).count() == 4);
    }
  }

  TEST_CASE("one data set may be both sides") {
    for (auto& s : shapes) {
      auto left = people(s);
      CHECK(left.join(left).count() == 6);
      CHECK(left.subtract_by_key(left).collect().empty());
    }
  }

  TEST_CASE("keys may be classes with an encoding, and a partitioner decides where they go") {
    struct by_x {
      std::uint32_t count() const { return 4; }
      std::uint32_t operator()(const point& p) const { return std::uint32_t(p.x); }
    };
    for (auto& s : shapes) {
      auto points = make_test_rdd<int>(s, {0, 1, 2, 3}).map([](int x) {
        return std::pair{point{x, 1}, x};
      });
      auto other = points.map_values([](int x) { return 10 * x; });
      auto partitions = points.join(other, by_x{}).glom().collect();
      REQUIRE(partitions.size() == 4);
      for (int x = 0; x < 4; ++x)
        CHECK(partitions[std::size_t(x)] ==
              std::vector<std::pair<point, std::pair<int, int>>>{{{x, 1}, {x, 10 * x}}});
    }
  }

} // TEST_SUITE
