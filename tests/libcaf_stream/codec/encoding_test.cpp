#include "caf_stream/codec/encoding.hpp"

#include <deque>
#include <limits>

#include <doctest/doctest.h>

#include "caf_stream/base/time.hpp"
#include "libcaf_stream/codec/damage.hpp"
#include "libcaf_stream/codec/random_values.hpp"
#include "libcaf_stream/codec/sample_types.hpp"

using namespace caf_stream;
using namespace caf_stream::codec;
using namespace std::chrono_literals;
using namespace std::string_literals;
using sample::reading;
using sample::tree;

namespace {

template <class T>
bytes encoded(const T& x) {
  bytes out;
  encode(out, x);
  return out;
}

template <class T>
T round_trip(const T& x) {
  const auto out = encoded(x);
  auto back = decode<T>(as_view(out));
  REQUIRE(back.has_value());
  return *back;
}

template <class T>
errc decode_error(std::string_view in) {
  auto back = decode<T>(in);
  REQUIRE_FALSE(back.has_value());
  return back.error().code();
}

static_assert(is_encodable_v<bool> && is_encodable_v<char> && is_encodable_v<unsigned long long>);
static_assert(is_encodable_v<float> && is_encodable_v<double> && !is_encodable_v<long double>);
static_assert(is_encodable_v<sample::colour> && is_encodable_v<sample::level>);
static_assert(is_encodable_v<std::string> && is_encodable_v<std::string_view>);
static_assert(is_encodable_v<reading> && is_encodable_v<tree> && is_encodable_v<const reading>);
static_assert(is_encodable_v<std::pair<std::tuple<>, std::optional<std::array<reading, 2>>>>);
static_assert(is_encodable_v<std::unordered_map<std::string, std::set<std::vector<tree>>>>);
static_assert(is_encodable_v<batch_time> && is_encodable_v<std::chrono::duration<double>>);
static_assert(!is_encodable_v<int*> && !is_encodable_v<const char*> && !is_encodable_v<char[3]>);
static_assert(!is_encodable_v<sample::without_encoding> && !is_encodable_v<std::nullptr_t>);
static_assert(!is_encodable_v<std::pair<const char*, int>> && !is_encodable_v<void>);
static_assert(!is_encodable_v<std::vector<sample::without_encoding>>);
static_assert(!is_encodable_v<std::map<int, std::optional<int*>>>);
static_assert(!is_encodable_v<std::deque<int>> && !is_encodable_v<std::shared_ptr<int>>);
static_assert(!is_encodable_v<std::tuple<int, std::unique_ptr<int>>>);
static_assert(!is_encodable_v<std::pair<int&, int>>);

} // namespace

TEST_SUITE("codec.encoding") {

  TEST_CASE("numbers keep their value at both ends of their range") {
    CHECK(round_trip(true));
    CHECK_FALSE(round_trip(false));
    CHECK(round_trip('\xff') == '\xff');
    CHECK(round_trip(std::numeric_limits<std::int64_t>::min()) == INT64_MIN);
    CHECK(round_trip(std::numeric_limits<std::uint64_t>::max()) == UINT64_MAX);
    CHECK(round_trip(std::int8_t{-128}) == -128);
    CHECK(round_trip(u'\xffff') == u'\xffff');
    CHECK(round_trip(0.1F) == 0.1F);
    CHECK(round_trip(-0.1) == -0.1);
    CHECK(round_trip(std::numeric_limits<double>::infinity()) > 1e308);
    const auto nan = round_trip(std::numeric_limits<float>::quiet_NaN());
    CHECK(nan != nan);
    CHECK(round_trip(sample::colour::green) == sample::colour::green);
    CHECK(round_trip(sample::low) == sample::low);
    CHECK(round_trip(sample::high) == sample::high);
  }

  TEST_CASE("a number that does not fit the type is damage") {
    CHECK(decode_error<std::int8_t>(as_view(encoded(128))) == errc::damaged_data);
    CHECK(decode_error<std::uint8_t>(as_view(encoded(-1))) == errc::damaged_data);
    CHECK(decode_error<std::uint64_t>(as_view(encoded(-1))) == errc::damaged_data);
    CHECK(decode_error<std::int64_t>(as_view(encoded(UINT64_MAX))) == errc::damaged_data);
    CHECK(decode_error<sample::colour>(as_view(encoded(256))) == errc::damaged_data);
    CHECK(decode_error<bool>(as_view(encoded(1))) == errc::damaged_data);
  }

  TEST_CASE("strings keep every byte and are read as views into the input") {
    const auto odd = "a\0\xff\xfe\xc3("s;
    CHECK(round_trip(odd) == odd);
    CHECK(round_trip(""s).empty());
    CHECK(round_trip(std::string(70000, 'x')) == std::string(70000, 'x'));
    CHECK(encoded(std::string_view{odd}) == encoded(odd));
    const auto out = encoded(std::pair{odd, 1});
    auto seen = decode<std::pair<std::string_view, int>>(as_view(out));
    REQUIRE(seen.has_value());
    CHECK(seen->first == odd);
    CHECK(seen->first.data() > out.data());
    CHECK(seen->first.data() < out.data() + out.size());
  }

  TEST_CASE("an optional that holds an empty optional is not empty") {
    using twice = std::optional<std::optional<int>>;
    CHECK(round_trip(twice{}) == twice{});
    CHECK(round_trip(twice{std::in_place}) == twice{std::in_place});
    CHECK(round_trip(twice{std::optional<int>{7}}) == twice{std::optional<int>{7}});
  }

  TEST_CASE("containers come back as they were, empty ones too") {
    using std::vector;
    CHECK(round_trip(vector<int>{}).empty());
    CHECK(round_trip(vector{true, false, true}) == vector{true, false, true});
    CHECK(round_trip(vector<char>{'a', '\0', '\xff'}) == vector<char>{'a', '\0', '\xff'});
    CHECK(round_trip(vector<unsigned char>{0, 255}) == vector<unsigned char>{0, 255});
    CHECK(round_trip(std::array{1, 2, 3}) == std::array{1, 2, 3});
    CHECK(round_trip(std::array<int, 0>{}).empty());
    CHECK(round_trip(std::tuple<>{}) == std::tuple<>{});
    const std::map<std::string, vector<std::pair<sample::colour, double>>> tree{
      {"a", {{sample::colour::red, 1.5}}}, {"b", {}}};
    CHECK(round_trip(tree) == tree);
    const std::unordered_map<int, std::set<std::string>> table{{1, {"x", "y"}}, {2, {}}};
    CHECK(round_trip(table) == table);
    CHECK(round_trip(std::unordered_set{1, 2, 3}) == std::unordered_set{1, 2, 3});
  }

  TEST_CASE("times and durations keep their unit") {
    CHECK(round_trip(from_millis(1357008430000)) == from_millis(1357008430000));
    CHECK(round_trip(-5ns) == -5ns);
    CHECK(round_trip(std::chrono::duration<double>{1.5}).count() == 1.5);
  }

  TEST_CASE("a class with MSGPACK_DEFINE can be anywhere") {
    const reading r{"s1", 1.5, 3, {"a", ""}, {{"x", 1}}, sample::colour::green};
    CHECK(round_trip(r) == r);
    CHECK(round_trip(reading{}) == reading{});
    CHECK(round_trip(std::vector{std::pair{r, std::optional{r}}}) ==
          std::vector{std::pair{r, std::optional{r}}});
    const tree t{1, {{2, {}}, {3, {{4, {}}}}}};
    CHECK(round_trip(t) == t);
  }

  TEST_CASE("values are appended, and read one after the other") {
    bytes out{'x'};
    encode(out, 1);
    encode(out, "two"s);
    CHECK(out[0] == 'x');
    unpacker in{as_view(out).substr(1)};
    CHECK(decode_next<int>(in) == 1);
    CHECK_FALSE(in.at_end());
    CHECK(decode_next<std::string>(in) == "two");
    CHECK(in.at_end());
    CHECK(decode_next<int>(in).error().code() == errc::damaged_data);
  }

  TEST_CASE("bytes after the value, and no bytes at all, are damage") {
    CHECK(decode_error<int>("\x01\x02") == errc::damaged_data);
    CHECK(decode_error<int>("") == errc::damaged_data);
  }

  TEST_CASE("a value of another shape is damage") {
    CHECK(decode_error<std::string>(as_view(encoded(1))) == errc::damaged_data);
    CHECK(decode_error<int>(as_view(encoded("1"s))) == errc::damaged_data);
    CHECK(decode_error<std::pair<int, int>>(as_view(encoded(std::tuple{1, 2, 3}))) ==
          errc::damaged_data);
    CHECK(decode_error<std::optional<int>>(as_view(encoded(std::pair{1, 2}))) ==
          errc::damaged_data);
    CHECK(decode_error<std::array<int, 2>>(as_view(encoded(std::vector{1}))) == errc::damaged_data);
    CHECK(decode_error<reading>(as_view(encoded(1))) == errc::damaged_data);
  }

  TEST_CASE("damaged bytes give an error or a value, never more") {
    const reading r{"s1", 1.5, 3, {"a"}, {{"x", 1}}, sample::colour::green};
    test::for_each_damage(as_view(encoded(r)),
                          [](std::string_view in) { (void)decode<reading>(in); });
    using nested = std::map<std::string, std::vector<std::optional<std::pair<int, double>>>>;
    test::for_each_damage(as_view(encoded(nested{{"ab", {{}, {{1, 2.0}}}}, {"c", {}}})),
                          [](std::string_view in) { (void)decode<nested>(in); });
    test::for_each_damage(as_view(encoded(tree{1, {{2, {}}, {3, {{4, {}}}}}})),
                          [](std::string_view in) { (void)decode<tree>(in); });
  }

  TEST_CASE("every cut is an error") {
    const auto out = encoded(std::tuple{300, "text"s, std::vector{1.5}, from_millis(1)});
    for (std::size_t size = 0; size < out.size(); ++size)
      CHECK(decode_error<std::tuple<int, std::string, std::vector<double>, batch_time>>(
              as_view(out).substr(0, size)) == errc::damaged_data);
  }

  TEST_CASE("random values come back") {
    using value = std::tuple<std::int64_t, std::string, std::vector<std::pair<std::uint16_t, bool>>,
                             std::map<std::string, std::optional<std::int32_t>>, double>;
    CHECK(rc::check("decode(encode(x)) == x", [](const value& x) {
      bytes out;
      encode(out, x);
      const auto back = decode<value>(as_view(out));
      RC_ASSERT(back.has_value());
      RC_ASSERT(*back == x);
    }));
    CHECK(rc::check("random bytes are read or refused", [](const std::string& in) {
      (void)decode<value>(in);
      (void)decode<reading>(in);
      (void)decode<std::vector<tree>>(in);
    }));
  }
}
