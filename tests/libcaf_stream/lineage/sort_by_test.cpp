#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

namespace {

// Numbers in no order.
std::vector<int> shuffled(int n) {
  std::vector<int> result;
  std::uint32_t x = 12345;
  for (int i = 0; i < n; ++i) {
    x = x * 1664525 + 1013904223;
    result.push_back(static_cast<int>(x >> 12));
  }
  return result;
}

int same(int x) { return x; }

} // namespace

TEST_SUITE("lineage.sort_by") {

  TEST_CASE("records are sorted over all partitions, upwards and downwards") {
    for (auto& s : shapes)
      for (std::uint32_t n : {0u, 1u, 3u, 8u}) {
        auto numbers = shuffled(5000);
        auto rdd = make_test_rdd<int>(s, numbers);
        auto up = rdd.sort_by(same, true, n);
        CHECK(up.partitions() == (n == 0 ? s.partitions : n));
        std::sort(numbers.begin(), numbers.end());
        CHECK(up.collect() == numbers);
        std::reverse(numbers.begin(), numbers.end());
        CHECK(rdd.sort_by(same, false, n).collect() == numbers);
      }
  }

  TEST_CASE("partitions are of about the same size") {
    auto sorted = make_test_rdd<int>({4, false}, shuffled(20'000)).sort_by(same, true, 5);
    for (auto& list : sorted.glom().collect()) {
      CHECK(list.size() > 3000);
      CHECK(list.size() < 5000);
    }
  }

  TEST_CASE("records with equal keys stay in their order, in one partition") {
    for (auto& s : shapes) {
      std::vector<std::pair<int, int>> pairs;
      for (int i = 0; i < 3000; ++i)
        pairs.emplace_back(i * 7 % 5, i);
      auto rdd = make_test_rdd<std::pair<int, int>>(s, pairs);
      auto by_key = [](const std::pair<int, int>& x) { return x.first; };
      auto up = rdd.sort_by(by_key, true, 7).collect();
      CHECK(std::is_sorted(up.begin(), up.end()));
      auto down = rdd.sort_by(by_key, false, 7).collect();
      std::stable_sort(pairs.begin(), pairs.end(),
                       [](auto& a, auto& b) { return b.first < a.first; });
      CHECK(down == pairs);
    }
  }

  TEST_CASE("views sort by views of themselves, and owned records by references into them") {
    for (auto& s : shapes) {
      std::vector<std::string> words;
      for (int x : shuffled(1500))
        words.push_back("word number " + std::to_string(x));
      auto expected = sorted(words);
      auto views = make_test_rdd<std::string_view>(s, words);
      CHECK(views.sort_by([](std::string_view x) { return x; }, true, 3).collect() == expected);
      auto owned = make_test_rdd<std::string>(s, words);
      auto itself = [](const std::string& x) -> const std::string& { return x; };
      CHECK(owned.sort_by(itself, true, 3).collect() == expected);
      auto mixed = views.map([](std::string_view x) {
        return std::pair{std::string{x.substr(12)}, x};
      });
      auto second = [](const auto& x) { return std::pair{x.second, std::string_view{x.first}}; };
      auto found = mixed.sort_by(second, true, 3).map([](auto& x) { return x.second; }).collect();
      CHECK(found == expected);
    }
  }

  TEST_CASE("nothing is computed before an action, and the parent twice unless it is persisted") {
    auto calls = std::make_shared<std::atomic<int>>(0);
    auto numbers = make_test_rdd<int>({2, false}, {3, 1, 2}).map([calls](int x) {
      ++*calls;
      return x;
    });
    auto sorted = numbers.sort_by(same);
    CHECK(*calls == 0);
    CHECK(sorted.collect() == std::vector<int>{1, 2, 3});
    CHECK(*calls == 6);
    *calls = 0;
    CHECK(numbers.persist().sort_by(same).collect() == std::vector<int>{1, 2, 3});
    CHECK(*calls <= 6);
  }

  TEST_CASE("few or no records, booleans, and more partitions than records") {
    for (auto& s : shapes) {
      CHECK(make_test_rdd<int>(s, {}).sort_by(same, true, 4).collect().empty());
      CHECK(make_test_rdd<int>(s, {2, 1}).sort_by(same, true, 9).collect() ==
            std::vector<int>{1, 2});
      rdd<int> none{lineage::make_union({}), s.make_engine()};
      CHECK(none.sort_by(same).collect().empty());
      CHECK(make_test_rdd<bool>(s, {true, false, true})
              .sort_by([](bool x) { return x; }, true, 3)
              .collect() == std::vector<bool>{false, true, true});
    }
  }

  TEST_CASE("a sample keeps equal distances however many records there are") {
    for (std::size_t n : {0u, 1u, 19u, 20u, 21u, 1000u, 12345u}) {
      std::vector<int> numbers(n);
      for (std::size_t i = 0; i < n; ++i)
        numbers[i] = static_cast<int>(i);
      data::list_cursor<int> records{
        std::make_shared<const data::record_list<int>>(data::record_list<int>{numbers}), 0, n};
      auto sample = lineage::sample_keys<int, int>(records, same, 10);
      CHECK(sample.size() <= 20);
      CHECK(sample.size() >= std::min<std::size_t>(n, 10));
      for (std::size_t i = 0; i < sample.size(); ++i)
        CHECK(sample[i].first == static_cast<int>(i) * sample[0].second);
    }
  }

} // TEST_SUITE
