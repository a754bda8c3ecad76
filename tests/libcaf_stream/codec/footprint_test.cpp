#include "caf_stream/codec/footprint.hpp"

#include <string_view>

#include <doctest/doctest.h>

using namespace caf_stream::codec;

namespace demo {

struct plain {
  int a, b;
};

struct with_member {
  int size = 0;
  std::size_t footprint() const { return sizeof(*this) + static_cast<std::size_t>(size); }
};

struct with_function {
  int size = 0;
};

std::size_t footprint(const with_function& x) {
  return sizeof(x) + static_cast<std::size_t>(x.size);
}

} // namespace demo

namespace {

using std::string;

const string long_text(1000, 'x');

static_assert(has_fixed_footprint_v<int> && has_fixed_footprint_v<std::string_view>);
static_assert(has_fixed_footprint_v<std::pair<int, std::optional<std::tuple<double, bool>>>>);
static_assert(has_fixed_footprint_v<demo::plain> && has_fixed_footprint_v<std::array<int, 4>>);
static_assert(!has_fixed_footprint_v<string> && !has_fixed_footprint_v<std::pair<int, string>>);
static_assert(!has_fixed_footprint_v<std::vector<int>> &&
              !has_fixed_footprint_v<demo::with_member>);
static_assert(!has_fixed_footprint_v<demo::with_function>);
static_assert(!has_fixed_footprint_v<std::array<string, 1>>);

} // namespace

TEST_SUITE("codec.footprint") {

  TEST_CASE("numbers and plain structs take their size") {
    CHECK(footprint(1) == sizeof(int));
    CHECK(footprint(demo::plain{}) == sizeof(demo::plain));
    CHECK(footprint(std::pair{1, 2.0}) == sizeof(std::pair<int, double>));
  }

  TEST_CASE("short strings are inside, long ones on the heap") {
    CHECK(footprint(string{"short"}) == sizeof(string));
    CHECK(footprint(string(15, 'x')) == sizeof(string));
    CHECK(footprint(string(16, 'x')) >= sizeof(string) + 17);
    CHECK(footprint(long_text) == sizeof(string) + long_text.capacity() + 1);
  }

  TEST_CASE("containers count what their elements hold") {
    const auto one = long_text.capacity() + 1;
    CHECK(footprint(std::pair{1, long_text}) == sizeof(std::pair<int, string>) + one);
    CHECK(footprint(std::tuple{long_text, long_text}) ==
          sizeof(std::tuple<string, string>) + 2 * one);
    CHECK(footprint(std::optional{long_text}) == sizeof(std::optional<string>) + one);
    CHECK(footprint(std::optional<string>{}) == sizeof(std::optional<string>));
    CHECK(footprint(std::array{long_text}) == sizeof(string) + one);
    const std::vector<string> strings{long_text, "a"};
    CHECK(footprint(strings) == sizeof(strings) + 2 * sizeof(string) + one);
    CHECK(footprint(std::vector<int>(100)) == sizeof(std::vector<int>) + 100 * sizeof(int));
    CHECK(footprint(std::vector<bool>(800)) >= sizeof(std::vector<bool>) + 100);
  }

  TEST_CASE("maps and sets count their nodes") {
    const std::map<int, string> tree{{1, long_text}, {2, "a"}};
    CHECK(footprint(tree) > sizeof(tree) + 2 * sizeof(std::pair<const int, string>) + 1000);
    CHECK(footprint(std::set{1, 2}) > footprint(std::set{1}));
    const std::unordered_map<string, int> table{{long_text, 1}};
    CHECK(footprint(table) > sizeof(table) + sizeof(std::pair<const string, int>) + 1000);
    CHECK(footprint(std::unordered_set{1, 2}) > footprint(std::unordered_set<int>{}));
  }

  TEST_CASE("a type can say its own size, by a member or a function beside it") {
    CHECK(footprint(demo::with_member{500}) == sizeof(demo::with_member) + 500);
    const std::vector<demo::with_function> two{{100}, {200}};
    CHECK(footprint(two) == sizeof(two) + 2 * sizeof(demo::with_function) + 300);
  }
}
