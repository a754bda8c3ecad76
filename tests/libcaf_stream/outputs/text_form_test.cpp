#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "caf_stream/outputs/text_form.hpp"

using caf_stream::outputs::to_text;

namespace shop {

struct item {
  std::string name;
};
std::string to_string(const item& x) { return "item " + x.name; }

struct price {
  int cents;
};
std::ostream& operator<<(std::ostream& out, const price& x) {
  return out << x.cents / 100 << '.' << x.cents % 100;
}

enum class colour { red, green };

} // namespace shop

TEST_SUITE("outputs.text_form") {

  TEST_CASE("text stays as it is, byte for byte") {
    CHECK(to_text(std::string{"hello"}) == "hello");
    CHECK(to_text(std::string_view{"a\0b", 3}) == std::string{"a\0b", 3});
    CHECK(to_text("\xff\xfe") == "\xff\xfe");
  }

  TEST_CASE("integers of every width are numbers, a char is a character") {
    CHECK(to_text(std::int8_t{-5}) == "-5");
    CHECK(to_text(std::uint8_t{200}) == "200");
    CHECK(to_text('x') == "x");
    CHECK(to_text(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(to_text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(to_text(true) == "true");
    CHECK(to_text(false) == "false");
  }

  TEST_CASE("floating-point numbers read as in Java") {
    CHECK(to_text(1.0) == "1.0");
    CHECK(to_text(0.1) == "0.1");
    CHECK(to_text(-2.5) == "-2.5");
    CHECK(to_text(0.0) == "0.0");
    CHECK(to_text(-0.0) == "-0.0");
    CHECK(to_text(0.001) == "0.001");
    CHECK(to_text(0.00012) == "1.2E-4");
    CHECK(to_text(9999999.0) == "9999999.0");
    CHECK(to_text(1e7) == "1.0E7");
    CHECK(to_text(12345678.5) == "1.23456785E7");
    CHECK(to_text(1e300) == "1.0E300");
    CHECK(to_text(0.1f) == "0.1");
    CHECK(to_text(std::numeric_limits<double>::infinity()) == "Infinity");
    CHECK(to_text(-std::numeric_limits<double>::infinity()) == "-Infinity");
    CHECK(to_text(std::numeric_limits<double>::quiet_NaN()) == "NaN");
  }

  TEST_CASE("pairs, tuples, optionals and ranges nest") {
    CHECK(to_text(std::pair{std::string_view{"hello"}, 1L}) == "(hello,1)");
    CHECK(to_text(std::tuple{1, 2.0, std::string{"x"}}) == "(1,2.0,x)");
    CHECK(to_text(std::tuple<>{}) == "()");
    CHECK(to_text(std::optional{3}) == "Some(3)");
    CHECK(to_text(std::optional<int>{}) == "None");
    CHECK(to_text(std::vector{1, 2}) == "[1, 2]");
    CHECK(to_text(std::vector<std::string>{}) == "[]");
    CHECK(to_text(std::vector{true, false}) == "[true, false]");
    CHECK(to_text(std::pair{1, std::vector{std::pair{2, 3}}}) == "(1,[(2,3)])");
    CHECK(to_text(std::map<std::string, int>{{"a", 1}, {"b", 2}}) == "[(a,1), (b,2)]");
  }

  TEST_CASE("types of the user's bring to_string or operator<<") {
    CHECK(to_text(shop::item{"pen"}) == "item pen");
    CHECK(to_text(shop::price{1234}) == "12.34");
    CHECK(to_text(std::pair{shop::item{"pen"}, shop::price{150}}) == "(item pen,1.50)");
    CHECK(to_text(shop::colour::green) == "1");
  }

  TEST_CASE("text is appended to what is there") {
    std::string out = "> ";
    caf_stream::outputs::append_text(out, 7);
    CHECK(out == "> 7");
  }

} // TEST_SUITE
