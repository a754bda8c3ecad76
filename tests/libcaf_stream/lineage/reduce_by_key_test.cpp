#include <doctest/doctest.h>

#include <map>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

namespace {

struct point {
  int x = 0;
  int y = 0;
  bool operator==(const point&) const = default;
  MSGPACK_DEFINE(x, y)
};

// A number that counts its copies: reductions hand the accumulator over as an rvalue.
struct heavy {
  std::string text;
  static inline int copies = 0;

  heavy() = default;
  explicit heavy(std::string t) : text(std::move(t)) {}
  heavy(const heavy& other) : text(other.text) { ++copies; }
  heavy(heavy&&) noexcept = default;
  heavy& operator=(const heavy& other) {
    text = other.text;
    ++copies;
    return *this;
  }
  heavy& operator=(heavy&&) noexcept = default;
  friend heavy operator+(heavy&& a, const heavy& b) {
    a.text += b.text;
    return std::move(a);
  }
};

std::vector<std::string> words(int n) {
  std::vector<std::string> result;
  for (int i = 0; i < n; ++i) {
    auto text = std::to_string(i * i % 211);
    result.push_back(i % 3 == 0 ? "a key longer than sixteen bytes " + text : text);
  }
  return result;
}

} // namespace

TEST_SUITE("lineage.reduce_by_key") {

  TEST_CASE("counts by key are those of a plain map, whatever the shape") {
    std::map<std::string, long> expected;
    for (auto& word : words(20'000))
      ++expected[word];
    for (auto& s : shapes) {
      auto counts = make_test_rdd<std::string_view>(s, words(20'000))
                      .map([](std::string_view w) {
                        return std::pair{w, 1L};
                      })
                      .reduce_by_key(std::plus{});
      static_assert(std::is_same_v<decltype(counts)::value_type, std::pair<std::string, long>>);
      CHECK(counts.partitions() == s.partitions);
      auto found = counts.collect();
      CHECK(found.size() == expected.size());
      CHECK(std::map<std::string, long>(found.begin(), found.end()) == expected);
    }
  }

  TEST_CASE("values meet in the order of partitions and of records in them") {
    for (auto& s : shapes) {
      std::vector<std::pair<int, std::string>> pairs;
      std::map<int, std::string> expected;
      for (int i = 0; i < 3000; ++i) {
        pairs.emplace_back(i % 7, std::to_string(i) + ",");
        expected[i % 7] += pairs.back().second;
      }
      auto found = make_test_rdd<std::pair<int, std::string>>(s, pairs)
                     .reduce_by_key([](std::string a, const std::string& b) { return a += b; }, 3)
                     .collect();
      CHECK(std::map<int, std::string>(found.begin(), found.end()) == expected);
    }
  }

  TEST_CASE("the same input gives the same output in the same order") {
    for (auto& s : shapes) {
      auto run = [&s] {
        return make_test_rdd<std::string_view>(s, words(5000))
          .map([](std::string_view w) {
            return std::pair{w, w.size()};
          })
          .reduce_by_key(std::plus{})
          .collect();
      };
      CHECK(run() == run());
    }
  }

  TEST_CASE("keys may be numbers, pairs, floating-point numbers and classes with an encoding") {
    for (auto& s : shapes) {
      auto rdd = make_test_rdd<int>(s, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
      auto sum_by = [&rdd](auto key) {
        return rdd.map([key](int x) {
                    return std::pair{key(x), 1};
                  })
          .reduce_by_key(std::plus{})
          .count();
      };
      CHECK(sum_by([](int x) { return x / 4; }) == 3);
      CHECK(sum_by([](int x) { return x % 2 == 0; }) == 2);
      CHECK(sum_by([](int x) {
              return std::pair{x / 5, std::string(std::size_t(x % 2), 'x')};
            }) == 4);
      CHECK(sum_by([](int x) { return x % 2 == 0 ? 0.0 : -0.0; }) == 1);
      CHECK(sum_by([](int x) { return point{x / 8, 1}; }) == 2);
      CHECK(sum_by([](int x) { return std::optional<int>{x}; }) == 10);
    }
  }

  TEST_CASE("a partitioner of the user's decides where keys go") {
    struct by_parity {
      std::uint32_t count() const { return 2; }
      std::uint32_t operator()(int key) const { return static_cast<std::uint32_t>(key % 2); }
    };
    for (auto& s : shapes) {
      auto found = make_test_rdd<int>(s, {1, 2, 3, 4, 5, 6})
                     .map([](int x) {
                       return std::pair{x, x};
                     })
                     .reduce_by_key(std::plus{}, by_parity{})
                     .map_partitions([](auto& records) {
                       int odd = 0;
                       for (auto& x : records)
                         odd += x.first % 2;
                       return std::vector{odd};
                     })
                     .collect();
      CHECK(found == std::vector{0, 3});
    }
  }

  TEST_CASE("a function may read views of values and give views of the accumulator") {
    for (auto& s : shapes) {
      auto found = make_test_rdd<std::pair<int, std::string_view>>(
                     s, {{1, "b"}, {1, "a longer one, not inside the string"}, {1, "c"}})
                     .reduce_by_key([](std::string_view a, std::string_view b) {
                       return a.size() > b.size() ? a : b;
                     })
                     .collect();
      CHECK(found ==
            std::vector<std::pair<int, std::string>>{{1, "a longer one, not inside the string"}});
    }
  }

  TEST_CASE("the accumulator is moved, never copied, however many values there are") {
    auto rdd = make_test_rdd<int>({1, false}, std::vector<int>(10'000, 1)).map([](int) {
      return std::pair{1, heavy{"x"}};
    });
    heavy::copies = 0;
    auto length = rdd.reduce_by_key(std::plus{})
                    .map([](const std::pair<int, heavy>& x) { return x.second.text.size(); })
                    .first();
    CHECK(length == 10'000);
    CHECK(heavy::copies <= 2); // the first value into the table, and from the piece
  }

  TEST_CASE("a data set without partitions gives empty partitions") {
    for (auto& s : shapes) {
      rdd<std::pair<int, int>> none{lineage::make_union({}), s.make_engine()};
      auto found = none.reduce_by_key(std::plus{}, 4);
      CHECK(found.partitions() == 4);
      CHECK(found.collect().empty());
    }
  }

} // TEST_SUITE
