#include <doctest/doctest.h>

#include <memory>
#include <span>

#include "caf_stream/lineage/function_checks.hpp"

using namespace caf_stream;
using namespace caf_stream::lineage;

// What the compiler refuses cannot be called here; the conditions it is refused on can be asked.

namespace {

struct plain {};

struct view {
  const char* at;
};

using takes_value = std::string_view (*)(std::string);
using takes_reference = std::string_view (*)(const std::string&);

template <class F, class... Args>
constexpr bool refused_as_mutable(F) {
  return is_mutable_function_v<F, Args...>;
}

template <class U, class F>
constexpr bool refused_as_dead_view(F) {
  return returns_dead_view_v<F, U>;
}

template <class A, class V, class F>
constexpr bool reduces(F) {
  return is_accumulator_v<F, A, V>;
}

} // namespace

TEST_SUITE("lineage.functions") {

  TEST_CASE("mutable lambdas are told from functions that do not fit") {
    int n = 0;
    auto changes = [n](int x) mutable { return n += x; };
    auto reads = [n](int x) { return n + x; };
    CHECK(refused_as_mutable<decltype(changes), const int&>(changes));
    CHECK(!refused_as_mutable<decltype(reads), const int&>(reads));
    CHECK(!refused_as_mutable<decltype(reads), const std::string&>(reads));
    CHECK(is_callable_v<decltype(reads), const int&>);
    CHECK(!is_callable_v<decltype(reads), const std::string&>);
    CHECK(!is_callable_v<void (*)(int&), const int&>);
  }

  TEST_CASE("a view of an owning record taken by value is found") {
    using text = std::string_view;
    CHECK(refused_as_dead_view<text>([](std::string x) { return text{x}; }));
    CHECK(refused_as_dead_view<std::pair<text, int>>([](std::pair<std::string, int> x) {
      return std::pair{text{x.first}, 1};
    }));
    CHECK(refused_as_dead_view<std::span<const int>>(
      [](std::vector<int> x) { return std::span<const int>{x}; }));
    CHECK(refused_as_dead_view<text>(takes_value{}));
  }

  TEST_CASE("views of references, views of views and owned results are fine") {
    using text = std::string_view;
    CHECK(!refused_as_dead_view<text>([](const std::string& x) { return text{x}; }));
    CHECK(!refused_as_dead_view<text>([](text x) { return x.substr(0, 1); }));
    CHECK(!refused_as_dead_view<text>([](std::pair<text, int> x) { return x.first; }));
    CHECK(!refused_as_dead_view<text>([](int) { return text{"static"}; }));
    CHECK(!refused_as_dead_view<std::string>([](std::string x) { return x; }));
    CHECK(!refused_as_dead_view<text>([](const auto& x) { return text{x}; }));
    CHECK(!refused_as_dead_view<text>(takes_reference{}));
  }

  TEST_CASE("raw pointers are found inside pairs, tuples, optionals and vectors") {
    CHECK(has_pointer_v<const char*>);
    CHECK(has_pointer_v<decltype(std::pair{"odd", 1})>);
    CHECK(has_pointer_v<std::tuple<int, std::pair<int*, int>>>);
    CHECK(has_pointer_v<std::optional<char*>>);
    CHECK(has_pointer_v<std::vector<const void*>>);
    CHECK(!has_pointer_v<std::string_view>);
    CHECK(!has_pointer_v<std::shared_ptr<int>>);
    CHECK(!has_pointer_v<view>);
  }

  TEST_CASE("ranges are what can be walked") {
    CHECK(is_range_v<std::vector<bool>>);
    CHECK(is_range_v<std::string_view>);
    CHECK(is_range_v<record_range<int>>);
    CHECK(!is_range_v<int>);
    CHECK(std::is_same_v<range_record_t<std::vector<bool>>, bool>);
    CHECK(std::is_same_v<range_record_t<std::span<const int>>, int>);
    CHECK(std::is_same_v<range_record_t<record_range<std::string>>, std::string>);
  }

  TEST_CASE("a reduction takes the owned accumulator and gives one") {
    CHECK(reduces<long, long>(std::plus{}));
    CHECK(reduces<std::string, std::string>(std::plus{}));
    CHECK(reduces<std::string, std::string_view>(std::plus{})); // the value is made owned for it
    CHECK(reduces<std::string, std::string_view>(
      [](std::string_view a, std::string_view b) { return a < b ? a : b; }));
    CHECK(!reduces<long, std::string>(std::plus{}));
    CHECK(!reduces<std::string, std::string>([](std::string& a, const std::string&) { return a; }));
    CHECK(!reduces<plain, plain>([](const plain&, const plain&) { return 1; }));
  }

  TEST_CASE("what an accumulation returns may point into the accumulator") {
    auto keep = [](std::string_view a, std::string_view) { return a.substr(1); };
    std::string acc = "a text that is longer than what fits inside a string";
    accumulate(keep, acc, std::string_view{"x"});
    CHECK(acc == " text that is longer than what fits inside a string");
  }

  TEST_CASE("an accumulator grows in place") {
    std::string acc = std::string(100, 'x');
    acc.reserve(10'000);
    auto* before = acc.data();
    for (int i = 0; i < 100; ++i)
      accumulate(std::plus<>{}, acc, std::string(50, 'y'));
    CHECK(acc.data() == before);
    CHECK(acc.size() == 5100);
  }

} // TEST_SUITE
