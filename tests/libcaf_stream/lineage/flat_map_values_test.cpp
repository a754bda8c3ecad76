#include <doctest/doctest.h>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

namespace {

using pairs = std::vector<std::pair<std::string, std::string>>;

} // namespace

TEST_SUITE("lineage.flat_map_values") {

  TEST_CASE("each element of the range stands beside the key") {
    for (auto& s : shapes) {
      auto lines = make_test_rdd<std::pair<std::string, int>>(s, {{"a", 2}, {"b", 0}, {"c", 1}});
      auto found = lines.flat_map_values([](int n) { return std::vector<int>(std::size_t(n), n); });
      CHECK(found.collect() ==
            std::vector<std::pair<std::string, int>>{{"a", 2}, {"a", 2}, {"c", 1}});
    }
  }

  TEST_CASE("emitted values stand beside the key, and split_words emits") {
    const pairs expected{{"k", "to"}, {"k", "be"}, {"m", "or"}};
    for (auto& s : shapes) {
      auto views = make_test_rdd<std::pair<std::string_view, std::string_view>>(
        s, {{"k", "to be"}, {"l", " "}, {"m", "or"}});
      auto words = views.flat_map_values(split_words);
      static_assert(
        std::is_same_v<decltype(words)::value_type, std::pair<std::string_view, std::string_view>>);
      CHECK(words.collect() == expected);
      auto owned = make_test_rdd<std::pair<std::string, std::string>>(
        s, {{"k", "to be"}, {"l", " "}, {"m", "or"}});
      CHECK(owned.flat_map_values(split_words).collect() == expected);
      auto emitted = views.flat_map_values<std::string>([](std::string_view v, auto& emit) {
        if (v != " ")
          emit(v);
        emit(std::string{"end"});
      });
      CHECK(emitted.count() == 5);
    }
  }

  TEST_CASE("a range of a reference is read where it is, one of a temporary is moved from") {
    for (auto& s : shapes) {
      using lists = std::pair<int, std::vector<std::string>>;
      const std::string text = "longer than what fits inside of a string";
      auto rdd = make_test_rdd<lists>(s, {{1, {text, "b"}}, {2, {}}});
      auto by_reference = [](const std::vector<std::string>& v) -> const std::vector<std::string>& {
        return v;
      };
      auto by_value = [](const std::vector<std::string>& v) { return v; };
      const std::vector<std::pair<int, std::string>> expected{{1, text}, {1, "b"}};
      auto kept = rdd.persist();
      CHECK(kept.flat_map_values(by_reference).collect() == expected);
      CHECK(kept.flat_map_values(by_value).collect() == expected);
      CHECK(kept.flat_map_values(by_reference).collect() == expected);
      auto flags = rdd.flat_map_values([](auto&) { return std::vector<bool>{true, false}; });
      CHECK(flags.collect() ==
            std::vector<std::pair<int, bool>>{{1, true}, {1, false}, {2, true}, {2, false}});
    }
  }

} // TEST_SUITE
