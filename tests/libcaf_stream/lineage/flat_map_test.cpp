#include <doctest/doctest.h>

#include <list>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

namespace {

// Counts from 0 to n - 1 without a container.
struct count_to {
  struct iterator {
    using iterator_category = std::input_iterator_tag;
    using value_type = int;
    using difference_type = std::ptrdiff_t;
    using pointer = const int*;
    using reference = int;

    int at;
    int operator*() const { return at; }
    iterator& operator++() {
      ++at;
      return *this;
    }
    void operator++(int) { ++at; }
    bool operator==(const iterator&) const = default;
  };

  int n;
  iterator begin() const { return {0}; }
  iterator end() const { return {n}; }
};

struct twice {
  template <class T>
  using emits = T;

  template <class T, class Emit>
  void operator()(const T& x, Emit&& emit) const {
    emit(x);
    emit(x);
  }
};

std::vector<std::string> lines() {
  std::vector<std::string> result{"the cat",
                                  "",
                                  "  sat\ton\n",
                                  "the",
                                  std::string(3000, ' '),
                                  "a word of more than sixteen bytes: streaminglynessless"};
  for (int i = 0; i < 3000; ++i)
    result.push_back("line " + std::to_string(i) + " of many");
  return result;
}

std::vector<std::string> words_of(const std::vector<std::string>& lines) {
  std::vector<std::string> result;
  for (auto& line : lines) {
    std::string word;
    for (char c : line + " ") {
      if (std::isspace(static_cast<unsigned char>(c)) == 0) {
        word += c;
      } else if (!word.empty()) {
        result.push_back(word);
        word.clear();
      }
    }
  }
  return result;
}

} // namespace

TEST_SUITE("lineage.flat_map") {

  TEST_CASE("the elements of returned ranges come out in order") {
    for (auto& s : shapes) {
      auto rdd = make_test_rdd<int>(s, {3, 0, 0, 2, 1});
      std::vector<int> expected{0, 1, 2, 0, 1, 0};
      CHECK(rdd
              .flat_map([](int n) {
                std::vector<int> result;
                for (int i = 0; i < n; ++i)
                  result.push_back(i);
                return result;
              })
              .collect() == expected);
      CHECK(rdd.flat_map([](int n) { return count_to{n}; }).collect() == expected);
      CHECK(
        rdd.flat_map([](int n) { return std::list<std::string>(std::size_t(n), "x"); }).count() ==
        6);
      CHECK(rdd.flat_map([](int n) { return std::vector<bool>(std::size_t(n), true); })
              .reduce([](bool a, bool b) { return a && b; }));
    }
  }

  TEST_CASE("emitted records come out in order, many of one record too") {
    for (auto& s : shapes) {
      auto found = make_test_rdd<int>(s, {5000, 1, 0, 2000})
                     .flat_map<long>([](int n, auto& emit) {
                       for (int i = 0; i < n; ++i)
                         emit(i);
                     })
                     .collect();
      REQUIRE(found.size() == 7001);
      CHECK(found[4999] == 4999);
      CHECK(found[5000] == 0);
      CHECK(found[7000] == 1999);
    }
  }

  TEST_CASE("a function object may name what it emits") {
    for (auto& s : shapes) {
      CHECK(make_test_rdd<int>(s, {1, 2}).flat_map(twice{}).collect() ==
            std::vector<int>{1, 1, 2, 2});
      CHECK(make_test_rdd<std::string_view>(s, {"a"}).flat_map(twice{}).collect() ==
            std::vector<std::string>{"a", "a"});
    }
  }

  TEST_CASE("split_words gives views of views and owned words of owned lines, the same words") {
    auto expected = words_of(lines());
    for (auto& s : shapes) {
      auto views = make_test_rdd<std::string_view>(s, lines()).flat_map(split_words);
      static_assert(std::is_same_v<decltype(views)::value_type, std::string_view>);
      CHECK(views.collect() == expected);
      auto owned = make_test_rdd<std::string>(s, lines()).flat_map(split_words);
      static_assert(std::is_same_v<decltype(owned)::value_type, std::string>);
      CHECK(owned.collect() == expected);
    }
  }

  TEST_CASE("chunks stay near their size however much a record gives") {
    data::any_cursor source = std::make_unique<data::list_cursor<int>>(
      std::make_shared<data::record_list<int>>(data::record_list<int>{std::vector<int>(1000, 100)}),
      0, 1000);
    auto f = [](int n, auto& emit) {
      for (int i = 0; i < n; ++i)
        emit(i);
    };
    lineage::flat_map_cursor<int, int, decltype(f)> cursor{std::move(source),
                                                           std::make_shared<const decltype(f)>(f)};
    std::size_t sum = 0;
    for (auto chunk = cursor.next(); !chunk.empty(); chunk = cursor.next()) {
      CHECK(chunk.size() <= data::chunk_size + 100);
      sum += chunk.size();
    }
    CHECK(sum == 100'000);
    CHECK(cursor.next().empty());
  }

} // TEST_SUITE
