#include <doctest/doctest.h>

#include <list>
#include <numeric>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

namespace {

std::vector<int> numbers(int n) {
  std::vector<int> result(static_cast<std::size_t>(n));
  std::iota(result.begin(), result.end(), 0);
  return result;
}

} // namespace

TEST_SUITE("lineage.map_partitions") {

  TEST_CASE("the function runs once a partition, an empty one too") {
    for (auto& s : shapes) {
      auto sums = make_test_rdd<int>(s, {1, 2, 3}).map_partitions([](auto& records) {
        int sum = 0;
        for (int x : records)
          sum += x;
        return std::vector{sum};
      });
      auto found = sums.collect();
      CHECK(found.size() == s.partitions);
      CHECK(std::accumulate(found.begin(), found.end(), 0) == 6);
    }
  }

  TEST_CASE("it may take its range by value, by reference and by name, and give any range") {
    for (auto& s : shapes) {
      auto rdd = make_test_rdd<int>(s, numbers(5000));
      auto by_value = rdd.map_partitions([](record_range<int> records) {
        std::list<long> result;
        for (int x : records)
          result.push_back(x);
        return result;
      });
      CHECK(by_value.reduce(std::plus{}) == 12497500);
      auto lazily = rdd.map_partitions([](const auto& records) { return records; });
      CHECK(lazily.collect() == numbers(5000));
      auto constant = rdd.map_partitions([](auto&&) { return std::vector<bool>{true}; });
      CHECK(constant.count() == s.partitions);
    }
  }

  TEST_CASE("a lazy range of views into records above is handed on before more is read") {
    for (auto& s : shapes) {
      auto found = make_test_rdd<int>(s, numbers(5000))
                     .map([](int x) { return std::string(30, 'x') + std::to_string(x); })
                     .map([](const std::string& x) { return std::string_view{x}; })
                     .map_partitions([](const auto& records) { return records; })
                     .map([](std::string_view x) { return std::stoi(std::string{x.substr(30)}); })
                     .collect();
      CHECK(found == numbers(5000));
    }
  }

  TEST_CASE("no more is read than the function asks for") {
    auto read = std::make_shared<int>(0);
    auto rdd = make_test_rdd<int>({1, false}, numbers(100'000))
                 .map([read](int x) {
                   ++*read;
                   return x;
                 })
                 .map_partitions([](auto& records) {
                   std::vector<int> result;
                   for (int x : records) {
                     result.push_back(x);
                     if (result.size() == 3)
                       break;
                   }
                   return result;
                 });
    CHECK(rdd.collect() == std::vector<int>{0, 1, 2});
    CHECK(*read <= 1024);
  }

  TEST_CASE("reading goes on where an earlier loop stopped") {
    for (auto& s : shapes) {
      auto counts = make_test_rdd<int>(s, numbers(100)).map_partitions([](auto& records) {
        int first = 0;
        int rest = 0;
        auto i = records.begin();
        if (i != records.end()) {
          first = 1;
          ++i;
        }
        for (int x : records)
          rest += x >= 0 ? 1 : 0;
        return std::vector{first + rest};
      });
      CHECK(counts.reduce(std::plus{}) == 100);
    }
  }

} // TEST_SUITE
