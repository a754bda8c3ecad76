#include "caf_stream/codec/owned.hpp"

#include <memory>

#include <doctest/doctest.h>

using namespace caf_stream;

namespace {

struct word_view {
  std::string_view text;
  int line;
};

struct word {
  std::string text;
  int line;
};

} // namespace

template <>
struct caf_stream::owned_traits<word_view> {
  using type = word;
  static type to_owned(const word_view& x) { return {std::string{x.text}, x.line}; }
  static word_view to_view(const type& x) { return {x.text, x.line}; }
};

namespace {

using std::string;
using std::string_view;

static_assert(std::is_same_v<owned_t<int>, int>);
static_assert(std::is_same_v<owned_t<string_view>, string>);
static_assert(std::is_same_v<owned_t<string>, string>);
static_assert(std::is_same_v<owned_t<std::pair<string_view, long>>, std::pair<string, long>>);
static_assert(std::is_same_v<owned_t<std::tuple<int, std::optional<string_view>>>,
                             std::tuple<int, std::optional<string>>>);
static_assert(std::is_same_v<owned_t<std::vector<string_view>>, std::vector<string>>);
static_assert(std::is_same_v<owned_t<std::array<string_view, 2>>, std::array<string, 2>>);
static_assert(std::is_same_v<owned_t<std::span<const int>>, std::vector<int>>);
static_assert(std::is_same_v<owned_t<std::span<const string_view>>, std::vector<string>>);
static_assert(std::is_same_v<owned_t<std::pair<word_view, int>>, std::pair<word, int>>);
static_assert(is_view_v<string_view> && is_view_v<std::pair<int, string_view>>);
static_assert(is_view_v<std::vector<std::optional<string_view>>> && is_view_v<word_view>);
static_assert(!is_view_v<string> && !is_view_v<std::pair<int, string>> && !is_view_v<word>);
static_assert(!is_view_v<std::vector<bool>> && !is_view_v<std::unique_ptr<int>>);

} // namespace

TEST_SUITE("codec.owned") {

  TEST_CASE("an owned value outlives the text it was made from") {
    string text = "to be";
    std::pair<string_view, long> seen{string_view{text}.substr(3), 1};
    auto kept = to_owned(seen);
    text = "xxxxx";
    CHECK(kept == std::pair{string{"be"}, 1L});
  }

  TEST_CASE("views are found at any depth") {
    using nested = std::tuple<std::vector<string_view>, std::optional<std::pair<string_view, int>>,
                              std::array<string_view, 1>>;
    nested seen{{"a", "b"}, std::pair{string_view{"c"}, 1}, {"d"}};
    auto kept = to_owned(seen);
    CHECK(std::get<0>(kept) == std::vector<string>{"a", "b"});
    CHECK(std::get<1>(kept) == std::optional{std::pair{string{"c"}, 1}});
    CHECK(std::get<2>(kept)[0] == "d");
    CHECK(view_of<nested>(kept) == seen);
    CHECK_FALSE(to_owned(std::optional<string_view>{}).has_value());
  }

  TEST_CASE("a view of an owned value points into it") {
    const std::pair<string, string> kept{"key", "value"};
    auto seen = view_of<std::pair<string_view, string>>(kept);
    CHECK(seen.first.data() == kept.first.data());
    CHECK(seen.second == "value");
  }

  TEST_CASE("what is no view is handed through, not copied") {
    const string kept = "x";
    CHECK(&view_of<string>(kept) == &kept);
    auto moved = to_owned(std::make_unique<int>(3));
    CHECK(*moved == 3);
  }

  TEST_CASE("spans become vectors and are seen as spans again") {
    const std::vector<int> numbers{1, 2, 3};
    auto kept = to_owned(std::span<const int>{numbers});
    CHECK(kept == numbers);
    CHECK(view_of<std::span<const int>>(kept).data() == kept.data());
    const string_view words[] = {"a", "b"};
    CHECK(to_owned(std::span<const string_view>{words}) == std::vector<string>{"a", "b"});
    const bool flags[] = {true, false};
    CHECK(to_owned(std::span<const bool>{flags}) == std::vector<bool>{true, false});
  }

  TEST_CASE("a program can add view types of its own") {
    std::vector<word_view> seen{{"a", 1}};
    auto kept = to_owned(seen);
    static_assert(std::is_same_v<decltype(kept), std::vector<word>>);
    CHECK(kept[0].text == "a");
    CHECK(view_of<word_view>(kept[0]).text.data() == kept[0].text.data());
  }
}
