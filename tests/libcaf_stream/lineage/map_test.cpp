#include <doctest/doctest.h>

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

TEST_SUITE("lineage.map") {

  TEST_CASE("every record is mapped, in order, whatever the shape") {
    for (auto& s : shapes) {
      auto squares = make_test_rdd<int>(s, numbers(5000)).map([](int x) { return long{x} * x; });
      auto found = squares.collect();
      REQUIRE(found.size() == 5000);
      for (long i = 0; i < 5000; ++i)
        REQUIRE(found[static_cast<std::size_t>(i)] == i * i);
      CHECK(squares.partitions() == s.partitions);
    }
  }

  TEST_CASE("a data set without records stays empty") {
    for (auto& s : shapes)
      CHECK(make_test_rdd<int>(s, {}).map([](int x) { return x; }).collect().empty());
  }

  TEST_CASE("views of owned records that an operator made are good further down") {
    for (auto& s : shapes) {
      auto lengths = make_test_rdd<int>(s, numbers(3000))
                       .map([](int x) { return std::string(30, 'x') + std::to_string(x); })
                       .map([](const std::string& x) { return std::string_view{x}.substr(30); })
                       .filter([](std::string_view x) { return x.back() == '7'; })
                       .map([](std::string_view x) {
                         return std::pair{x, x.size()};
                       });
      auto found = lengths.collect();
      REQUIRE(found.size() == 300);
      CHECK(found[299] == std::pair{std::string{"2997"}, std::size_t{4}});
    }
  }

  TEST_CASE("booleans, member pointers and records that only move") {
    for (auto& s : shapes) {
      auto rdd = make_test_rdd<int>(s, numbers(10));
      CHECK(rdd.map([](int x) { return x % 2 == 0; }).filter([](bool x) { return x; }).count() ==
            5);
      CHECK(rdd.map([](int x) {
                 return std::pair{x, -x};
               })
              .map(&std::pair<int, int>::second)
              .collect()[9] == -9);
      auto sum = rdd.map([](int x) { return std::make_unique<int>(x); })
                   .map([](const std::unique_ptr<int>& x) { return *x; })
                   .reduce(std::plus{});
      CHECK(sum == 45);
    }
  }

  TEST_CASE("map_values keeps keys") {
    for (auto& s : shapes) {
      auto found = make_test_rdd<std::pair<std::string_view, int>>(s, {{"a", 1}, {"b", 2}})
                     .map_values([](int x) { return x * 1.5; })
                     .collect();
      CHECK(found == std::vector<std::pair<std::string, double>>{{"a", 1.5}, {"b", 3.0}});
    }
  }

  TEST_CASE("what a function throws fails the task, naming operator and partition") {
    auto rdd = make_test_rdd<int>({2, false}, numbers(10)).map([](int x) {
      return x == 7 ? throw std::runtime_error{"seven"} : x;
    });
    try {
      rdd.collect();
      FAIL("the exception was swallowed");
    } catch (const error& e) {
      CHECK(e.code() == errc::task_failed);
      CHECK(std::string{e.what()} ==
            "collect of batch 0 ms: partition 1 of map failed (attempt 1): seven");
    }
  }

} // TEST_SUITE
