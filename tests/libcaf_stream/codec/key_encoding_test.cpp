#include "caf_stream/codec/key_encoding.hpp"

#include <limits>

#include <doctest/doctest.h>

#include "caf_stream/base/time.hpp"
#include "caf_stream/codec/owned.hpp"
#include "libcaf_stream/codec/random_values.hpp"
#include "libcaf_stream/codec/sample_types.hpp"

using namespace caf_stream;
using namespace caf_stream::codec;
using namespace std::string_literals;
using std::optional;
using std::pair;
using std::string;
using std::string_view;
using std::tuple;
using std::vector;

namespace {

template <class K>
bytes key_bytes(const K& key) {
  bytes out;
  append_key(out, key);
  return out;
}

sample::reading named(const string& sensor) {
  sample::reading result;
  result.sensor = sensor;
  return result;
}

/// Also checks that the hash is that of the bytes.
template <class A, class B>
bool same_key(const A& a, const B& b) {
  CHECK(key_hash(a) == hash_key_bytes(as_view(key_bytes(a))));
  CHECK(key_hash(b) == hash_key_bytes(as_view(key_bytes(b))));
  return key_bytes(a) == key_bytes(b) && key_hash(a) == key_hash(b);
}

static_assert(is_key_encodable_v<int> && is_key_encodable_v<bool> && is_key_encodable_v<double>);
static_assert(is_key_encodable_v<pair<string_view, optional<sample::colour>>>);
static_assert(is_key_encodable_v<vector<tuple<char, string>>> && is_key_encodable_v<batch_time>);
static_assert(is_key_encodable_v<sample::reading> && is_key_encodable_v<std::map<int, string>>);
static_assert(!is_key_encodable_v<int*> && !is_key_encodable_v<pair<const char*, int>>);
static_assert(!is_key_encodable_v<sample::without_encoding> && !is_key_encodable_v<long double>);
static_assert(!is_key_encodable_v<std::unordered_map<int, int>>);

} // namespace

TEST_SUITE("codec.key_encoding") {

  TEST_CASE("views and the values that own them are one key") {
    CHECK(same_key(string{"to be"}, string_view{"to be"}));
    CHECK(same_key(""s, string_view{}));
    const tuple<string_view, vector<string_view>, optional<string_view>> seen{"a", {"b", ""}, "c"};
    CHECK(same_key(seen, to_owned(seen)));
  }

  TEST_CASE("integers of one value are one key, whatever their type") {
    CHECK(same_key(5, 5L));
    CHECK(same_key(std::int8_t{-1}, -1LL));
    CHECK(same_key(std::uint16_t{65535}, 65535));
    CHECK(same_key(pair{1, 'a'}, pair{1UL, short{'a'}}));
    CHECK(same_key(sample::colour::green, 2));
    CHECK(same_key(sample::low, -1));
    CHECK(same_key(true, 1));
    CHECK_FALSE(same_key(1, 2));
    CHECK_FALSE(same_key(1, -1));
  }

  TEST_CASE("numbers that compare equal are one key, and so are all NaNs") {
    CHECK(same_key(0.0, -0.0));
    CHECK(same_key(0.0F, -0.0));
    CHECK(same_key(0.5F, 0.5));
    const auto nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(same_key(nan, -nan));
    CHECK(same_key(nan, std::numeric_limits<float>::signaling_NaN()));
    CHECK_FALSE(same_key(1.0, -1.0));
    CHECK_FALSE(same_key(nan, std::numeric_limits<double>::infinity()));
  }

  TEST_CASE("keys that differ have different bytes") {
    CHECK_FALSE(same_key(pair{"a"s, "bc"s}, pair{"ab"s, "c"s}));
    CHECK_FALSE(same_key(vector<string>{"a", ""}, vector<string>{"", "a"}));
    CHECK_FALSE(same_key(vector{1, 2}, vector{1}));
    CHECK_FALSE(same_key(optional<int>{}, optional<int>{0}));
    using twice = optional<optional<int>>;
    CHECK_FALSE(same_key(twice{}, twice{std::in_place}));
    CHECK_FALSE(same_key(tuple{vector{1}, vector{2, 3}}, tuple{vector{1, 2}, vector{3}}));
    CHECK_FALSE(same_key("a\0"s, "a"s));
  }

  TEST_CASE("a class is known by its encoding") {
    CHECK(same_key(sample::reading{}, sample::reading{}));
    CHECK_FALSE(same_key(named("a"), named("b")));
    CHECK_FALSE(same_key(pair{1, named("a")}, pair{1, named("b")}));
  }

  TEST_CASE("the bytes are those of the README") {
    CHECK(as_view(key_bytes("to"s)) == "to");
    CHECK(as_view(key_bytes(-2)) == "\xfe\xff\xff\xff\xff\xff\xff\xff"s);
    CHECK(as_view(key_bytes(1.0)) == "\0\0\0\0\0\0\xf0\x3f"s);
    CHECK(as_view(key_bytes(pair{"to"s, optional{1}})) == "\2\0\0\0\0\0\0\0to\1\1\0\0\0\0\0\0\0"s);
    CHECK(as_view(key_bytes(vector{true})) == "\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0"s);
    CHECK(as_view(key_bytes(sample::tree{7, {}})) == "\x92\x07\x90");
  }

  TEST_CASE("hashes are part of the checkpoint format and stay what they are") {
    CHECK(key_hash(""s) == 0xf9426c17d414a2b5);
    CHECK(key_hash("hello"s) == 0xf37c09228552fd29);
    CHECK(key_hash(string(300, 'x')) == 0x11d75b1f568126e7);
    CHECK(key_hash(42) == 0x525fac75d0b384cc);
    CHECK(key_hash(-1.5) == 0x9fe1fd7a0aa47eda);
    CHECK(key_hash(pair{"hello"s, 42}) == 0x4457d9523d41fc9c);
  }

  TEST_CASE("random keys are equal exactly when their bytes are") {
    using key = tuple<string, vector<std::int8_t>, optional<bool>>;
    CHECK(rc::check("equal keys, equal bytes", [](const key& a, const key& b) {
      RC_ASSERT((a == b) == (key_bytes(a) == key_bytes(b)));
      const key copy = a;
      RC_ASSERT(key_hash(copy) == key_hash(a));
    }));
  }
}
