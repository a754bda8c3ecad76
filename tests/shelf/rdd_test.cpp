#include <doctest/doctest.h>

#include <atomic>
#include <numeric>

#include "support/shapes.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

namespace {

std::vector<int> numbers(int n) {
  std::vector<int> result(static_cast<std::size_t>(n));
  std::iota(result.begin(), result.end(), 0);
  return result;
}

errc code_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const error& e) {
    return e.code();
  }
  return {};
}

} // namespace

TEST_SUITE("shelf.rdd") {

  TEST_CASE("transformations compute nothing, actions do") {
    auto engine = std::make_shared<serial_engine>(2);
    rdd<int> source{lineage::make_values<int>({1, 2, 3}, 2), engine};
    auto counts = source.map([](int x) {
                          return std::pair{x, 1};
                        })
                    .reduce_by_key(std::plus{})
                    .persist();
    CHECK(engine->tasks == 0);
    CHECK(counts.count() == 3);
    CHECK(engine->tasks == 4);
    CHECK(engine->explained ==
          "stage 0: values -> map: 2 tasks, 2 pieces each\n"
          "stage 1: pieces of stage 0 -> reduce_by_key -> persist (persisted): 2 tasks\n");
  }

  TEST_CASE("count, collect, take, first and is_empty") {
    for (auto& s : shapes) {
      auto rdd = make_test_rdd<int>(s, numbers(100));
      CHECK(rdd.count() == 100);
      CHECK(rdd.collect() == numbers(100));
      CHECK(rdd.take(0).empty());
      CHECK(rdd.take(3) == numbers(3));
      CHECK(rdd.take(60) == numbers(60));
      CHECK(rdd.take(1000) == numbers(100));
      CHECK(rdd.first() == 0);
      CHECK(!rdd.is_empty());
      auto last = rdd.filter([](int x) { return x == 99; });
      CHECK(last.first() == 99);
      CHECK(last.take(5) == std::vector<int>{99});
    }
  }

  TEST_CASE("top has the largest records, the largest first, and of equal ones the first") {
    for (auto& s : shapes) {
      auto rdd = make_test_rdd<int>(s, {5, 1, 9, 3, 9, 7});
      CHECK(rdd.top(3) == std::vector<int>{9, 9, 7});
      CHECK(rdd.top(2, std::greater{}) == std::vector<int>{1, 3});
      CHECK(rdd.top(0).empty());
      CHECK(rdd.top(100) == std::vector<int>{9, 9, 7, 5, 3, 1});
      auto words = make_test_rdd<std::string_view>(s, {"bb", "a", "cc", "d", "aa"});
      auto shorter = [](std::string_view a, std::string_view b) { return a.size() < b.size(); };
      CHECK(words.top(4, shorter) == std::vector<std::string>{"bb", "cc", "aa", "a"});
      CHECK(make_test_rdd<bool>(s, {false, true}).top(1) == std::vector<bool>{true});
      CHECK(make_test_rdd<int>(s, {}).top(3).empty());
      auto many = numbers(3000);
      std::reverse(many.begin(), many.end());
      CHECK(make_test_rdd<int>(s, numbers(3000)).top(3000) == many);
    }
  }

  TEST_CASE("an empty rdd counts 0 and has no first record and nothing to reduce") {
    for (auto& s : shapes)
      for (bool has_partitions : {true, false}) {
        auto empty = has_partitions ? make_test_rdd<int>(s, {})
                                    : rdd<int>{lineage::make_union({}), s.make_engine()};
        CHECK(empty.count() == 0);
        CHECK(empty.collect().empty());
        CHECK(empty.is_empty());
        CHECK(empty.count_by_value().empty());
        CHECK(empty.fold(5, std::plus{}) % 5 == 0);
        CHECK(code_of([&] { empty.first(); }) == errc::invalid_argument);
        CHECK(code_of([&] { empty.reduce(std::plus{}); }) == errc::invalid_argument);
      }
  }

  TEST_CASE("reduce, fold and aggregate give one value, in partition order") {
    for (auto& s : shapes) {
      std::vector<std::string> letters{"s", "p", "a", "r", "k", "s"};
      auto views = make_test_rdd<std::string_view>(s, letters);
      auto join = [](std::string a, std::string_view b) { return a += b; };
      CHECK(views.reduce(join) == "sparks");
      CHECK(views.fold("", join) == "sparks");
      CHECK(make_test_rdd<std::string>(s, letters).reduce(std::plus{}) == "sparks");
      CHECK(views.aggregate(
              std::size_t{0}, [](std::size_t n, std::string_view x) { return n + x.size(); },
              std::plus{}) == 6);
      auto lists = views.aggregate(
        std::vector<std::string>{},
        [](std::vector<std::string> all, std::string_view x) {
          all.emplace_back(x);
          return all;
        },
        [](std::vector<std::string> a, const std::vector<std::string>& b) {
          a.insert(a.end(), b.begin(), b.end());
          return a;
        });
      CHECK(lists == letters);
    }
  }

  TEST_CASE("fold begins with its zero in every partition and once more") {
    CHECK(make_test_rdd<int>({4, false}, numbers(4)).fold(10, std::plus{}) == 6 + 5 * 10);
  }

  TEST_CASE("foreach and foreach_partition run where the data is") {
    for (auto& s : shapes) {
      auto sum = std::make_shared<std::atomic<int>>(0);
      auto calls = std::make_shared<std::atomic<int>>(0);
      auto rdd = make_test_rdd<int>(s, numbers(50));
      rdd.foreach ([sum](int x) { *sum += x; });
      CHECK(*sum == 1225);
      rdd.foreach_partition([calls, sum](auto& records) {
        ++*calls;
        for (int x : records)
          *sum -= x;
      });
      CHECK(*sum == 0);
      CHECK(*calls == static_cast<int>(s.partitions));
    }
  }

  TEST_CASE("a text file has a record a line, in the form in which records are printed") {
    for (auto& s : shapes) {
      temp_folder temp;
      auto pairs = make_test_rdd<std::pair<std::string_view, double>>(s, {{"a", 1}, {"b", 2.5}});
      for (int run = 0; run < 2; ++run)
        pairs.save_as_text_file(temp / "out");
      auto names = *posix_files().list(temp / "out");
      REQUIRE(names.size() == s.partitions + 1);
      CHECK(names[0] == "_SUCCESS");
      std::string all;
      for (std::size_t i = 1; i < names.size(); ++i)
        all += *posix_files().read_all(temp / "out/" + names[i]);
      CHECK(all == "(a,1.0)\n(b,2.5)\n");
    }
    auto rdd = make_test_rdd<int>({1, false}, {1});
    CHECK(code_of([&] { rdd.save_as_text_file("out/../../x"); }) == errc::invalid_argument);
    CHECK(code_of([&] { rdd.save_as_text_file("/dev/null/x"); }) == errc::io_error);
  }

  TEST_CASE("word count, as in the guide") {
    for (auto& s : shapes) {
      auto counts = make_test_rdd<std::string_view>(s, {"to be or", "not to be"})
                      .flat_map(split_words)
                      .map([](std::string_view word) {
                        return std::pair{word, 1L};
                      })
                      .reduce_by_key(std::plus{});
      CHECK(sorted(counts.collect()) ==
            std::vector<std::pair<std::string, long>>{{"be", 2}, {"not", 1}, {"or", 1}, {"to", 2}});
    }
  }

} // TEST_SUITE
