#include "caf_stream/codec/columns.hpp"

#include <doctest/doctest.h>

#include "caf_stream/base/time.hpp"
#include "libcaf_stream/codec/damage.hpp"
#include "libcaf_stream/codec/random_values.hpp"
#include "libcaf_stream/codec/sample_types.hpp"

using namespace caf_stream;
using namespace caf_stream::codec;
using namespace std::string_literals;
using namespace std::string_view_literals;
using sample::reading;
using std::pair;
using std::string;
using std::string_view;
using std::tuple;
using std::vector;

namespace {

template <class T>
bytes encoded(const vector<T>& records) {
  return encode_records(std::span<const T>{records});
}

template <class T>
bool comes_back(const vector<T>& records) {
  const auto out = encoded(records);
  const auto back = decode_records<T>(as_view(out));
  return back && *back == records;
}

template <class T>
bool is_refused(std::string_view in) {
  const auto read = decode_records<T>(in);
  return !read && read.error().code() == errc::damaged_data;
}

/// An envelope made by hand: `[version, kind, count, columns...]`.
string envelope_of(int version, string_view kind, std::uint64_t count,
                   const vector<string>& columns) {
  bytes out;
  byte_sink sink{out};
  packer values{sink};
  values.pack_array(static_cast<std::uint32_t>(3 + columns.size()));
  values.pack(version);
  values.pack(kind);
  values.pack(count);
  for (const auto& column : columns) {
    values.pack_bin(static_cast<std::uint32_t>(column.size()));
    values.pack_bin_body(column.data(), static_cast<std::uint32_t>(column.size()));
  }
  return string{as_view(out)};
}

static_assert(std::is_same_v<decoded_t<pair<string, long>>, pair<string_view, long>>);
static_assert(std::is_same_v<decoded_t<tuple<pair<string, bool>, float>>,
                             tuple<pair<string_view, bool>, float>>);
static_assert(std::is_same_v<decoded_t<vector<string_view>>, vector<string>>);
static_assert(std::is_same_v<decoded_t<reading>, reading>);
static_assert(has_record_encoding_v<vector<string_view>> && has_record_encoding_v<reading>);
static_assert(has_record_encoding_v<std::span<const int>>);
static_assert(!has_record_encoding_v<int*> && !has_record_encoding_v<pair<int, const char*>>);

} // namespace

TEST_SUITE("codec.columns") {

  TEST_CASE("numbers, strings, pairs and tuples come back") {
    CHECK(comes_back(vector<int>{1, -2, INT32_MAX}));
    CHECK(comes_back(vector<double>{0.5, -1e300}));
    CHECK(comes_back(vector{sample::low, sample::high}));
    CHECK(comes_back(vector<string>{"a", "", "a\0b\xff"s, string(100000, 'x')}));
    CHECK(comes_back(vector<pair<string, long>>{{"to", 1}, {"be", -1}, {"", 0}}));
    CHECK(comes_back(vector<tuple<pair<string, string>, char, tuple<float>, sample::colour>>{
      {{"a", "b"}, 'c', {1.5F}, sample::colour::green}, {{"", "b"}, '\0', {0}, {}}}));
  }

  TEST_CASE("records of all other types come back") {
    CHECK(
      comes_back(vector<reading>{{"s1", 1.5, 3, {"a"}, {{"x", 1}}, sample::colour::green}, {}}));
    CHECK(comes_back(vector<vector<string>>{{"a", "b"}, {}}));
    CHECK(comes_back(vector<std::optional<pair<int, string>>>{{}, {{1, "a"}}}));
    CHECK(comes_back(vector<pair<string, vector<long>>>{{"a", {1, 2}}, {"b", {}}}));
    CHECK(comes_back(vector<tuple<>>(3)));
    CHECK(comes_back(vector{from_millis(1), from_millis(2)}));
  }

  TEST_CASE("no records at all come back as none") {
    CHECK(comes_back(vector<int>{}));
    CHECK(comes_back(vector<string>{}));
    CHECK(comes_back(vector<pair<string, long>>{}));
    CHECK(comes_back(vector<reading>{}));
  }

  TEST_CASE("bool records have no span on the way back") {
    const bool flags[] = {true, false, true};
    const auto out = encode_records(std::span<const bool>{flags});
    CHECK(decode_records<bool>(as_view(out)) == vector<bool>{true, false, true});
    CHECK(comes_back(vector<pair<bool, int>>{{true, 1}, {false, 2}}));
    CHECK(is_refused<bool>(envelope_of(1, "b", 2, {"\x01\x02"})));
  }

  TEST_CASE("views and the values that own them are written alike") {
    CHECK(encoded(vector<pair<string_view, long>>{{"ab", 1}}) ==
          encoded(vector<pair<string, long>>{{"ab", 1}}));
    CHECK(encoded(vector<vector<string_view>>{{"ab"}}) == encoded(vector<vector<string>>{{"ab"}}));
    const vector<int> numbers{1, 2};
    const std::span<const int> spans[] = {numbers};
    CHECK(encode_records(std::span<const std::span<const int>>{spans}) ==
          encoded(vector<vector<int>>{{1, 2}}));
  }

  TEST_CASE("text is read as views into the input") {
    const auto out = encoded(vector<pair<string, long>>{{"to", 1}, {"be", 2}});
    const auto seen = decode_views<pair<string, long>>(as_view(out));
    REQUIRE(seen.has_value());
    CHECK(*seen == vector<pair<string_view, long>>{{"to", 1}, {"be", 2}});
    CHECK((*seen)[0].first.data() > out.data());
    CHECK((*seen)[1].first.data() < out.data() + out.size());
  }

  TEST_CASE("records can be taken one by one") {
    const auto out = encoded(vector<pair<string, long>>{{"a", 1}, {"b", 2}});
    long sum = 0;
    string all;
    CHECK(decode_records_into<pair<string, long>>(as_view(out), [&](pair<string_view, long> x) {
      all += x.first;
      sum += x.second;
    }));
    CHECK(all == "ab");
    CHECK(sum == 3);
    struct full {};
    const auto fails = [](auto&&) { throw full{}; };
    CHECK_THROWS_AS((void)(decode_records_into<pair<string, long>>(as_view(out), fails)), full);
    const auto other = encoded(vector<reading>(1));
    CHECK_THROWS_AS((void)(decode_records_into<reading>(as_view(other), fails)), full);
  }

  TEST_CASE("records are appended to what is there") {
    bytes out{'x'};
    const vector<int> numbers{1, 2};
    append_records(out, std::span<const int>{numbers});
    CHECK(decode_records<int>(as_view(out).substr(1)) == numbers);
  }

  TEST_CASE("lines are written from their ends and read back as views") {
    const vector<std::uint32_t> ends{3, 3, 5};
    const auto out = encode_text("to be", ends);
    CHECK(out == encoded(vector<string>{"to ", "", "be"}));
    const auto text = decode_text(as_view(out));
    REQUIRE(text.has_value());
    CHECK(text->bytes == "to be");
    CHECK(text->ends == ends);
    CHECK(text->size() == 3);
    CHECK((*text)[0] == "to ");
    CHECK((*text)[1].empty());
    CHECK((*text)[2] == "be");
    CHECK((*text)[2].data() + 2 == out.data() + out.size());
    const auto none = decode_text(as_view(encode_text("", {})));
    REQUIRE(none.has_value());
    CHECK(none->size() == 0);
  }

  TEST_CASE("the bytes are those of the README") {
    const auto out = encoded(vector<pair<string, std::int16_t>>{{"to", 1}, {"b", -2}});
    const auto expected = "\x96\x01\xa6(s,i2)\x02"
                          "\xc6\x00\x00\x00\x08\x02\x00\x00\x00\x01\x00\x00\x00"
                          "\xc6\x00\x00\x00\x03tob"
                          "\xc6\x00\x00\x00\x04\x01\x00\xfe\xff"s;
    CHECK(as_view(out) == expected);
    const auto other = encoded(vector<vector<int>>{{1}, {}});
    CHECK(as_view(other) == "\x94\x01\xa1m\x02\xc6\x00\x00\x00\x03\x91\x01\x90"s);
  }

  TEST_CASE("records of another kind are refused with both kinds named") {
    const auto out = encoded(vector<pair<string, int>>{{"a", 1}});
    const auto read = decode_records<pair<string, long>>(as_view(out));
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code() == errc::damaged_data);
    CHECK(string{read.error().what()} ==
          "cannot decode: records of kind (s,i4) where (s,i8) are expected");
    CHECK(is_refused<string>(as_view(out)));
    CHECK(is_refused<reading>(as_view(out)));
    CHECK(is_refused<unsigned>(as_view(encoded(vector<int>{1}))));
    CHECK_FALSE(decode_text(as_view(out)).has_value());
  }

  TEST_CASE("another format version is refused") {
    const string one_int(4, '\0');
    CHECK_FALSE(is_refused<int>(envelope_of(1, "i4", 1, {one_int})));
    CHECK(is_refused<int>(envelope_of(2, "i4", 1, {one_int})));
  }

  TEST_CASE("counts, sizes and lengths that disagree are refused") {
    const auto u32 = [](std::uint32_t x) {
      return string{reinterpret_cast<const char*>(&x), sizeof(x)};
    };
    CHECK(is_refused<int>(envelope_of(1, "i4", 2, {string(4, '\0')})));
    CHECK(is_refused<int>(envelope_of(1, "i4", 1, {string(5, '\0')})));
    CHECK(is_refused<int>(envelope_of(1, "i4", 1, {})));
    CHECK(is_refused<int>(envelope_of(1, "i4", 1, {string(4, '\0'), ""})));
    CHECK(is_refused<int>(envelope_of(1, "i4", UINT64_MAX, {string(4, '\0')})));
    // A count whose size in bytes overflows to the one that is there.
    CHECK(is_refused<int>(envelope_of(1, "i4", (std::uint64_t{1} << 62) + 1, {string(4, '\0')})));
    CHECK(is_refused<string>(envelope_of(1, "s", (std::uint64_t{1} << 62) + 1, {u32(1), "a"})));
    CHECK_FALSE(is_refused<string>(envelope_of(1, "s", 2, {u32(1) + u32(2), "abc"})));
    CHECK(is_refused<string>(envelope_of(1, "s", 2, {u32(1) + u32(1), "abc"})));
    CHECK(is_refused<string>(envelope_of(1, "s", 2, {u32(1) + u32(3), "abc"})));
    CHECK(is_refused<string>(envelope_of(1, "s", 1, {u32(1) + u32(2), "abc"})));
    // Lengths whose sum is right only in 32 bits.
    CHECK(is_refused<string>(envelope_of(1, "s", 2, {u32(4) + u32(UINT32_MAX), "abc"})));
    CHECK(is_refused<vector<int>>(envelope_of(1, "m", 2, {"\x90"})));
    CHECK(is_refused<vector<int>>(envelope_of(1, "m", 1, {"\x90\x90"})));
    CHECK(is_refused<vector<int>>(envelope_of(1, "m", UINT64_MAX, {"\x90"})));
    CHECK(is_refused<int>(""));
    CHECK(is_refused<int>("\x01"));
    CHECK(is_refused<int>("\x90"));
    CHECK(is_refused<int>(envelope_of(1, "i4", 0, {""}) + "x"));
  }

  TEST_CASE("damaged bytes give an error or records, never more") {
    const auto flat =
      encoded(vector<tuple<string, std::int16_t, bool>>{{"to", 1, true}, {"", 2, false}});
    test::for_each_damage(as_view(flat), [](string_view in) {
      (void)decode_records<tuple<string, std::int16_t, bool>>(in);
    });
    const auto lines = encoded(vector<string>{"to", "be", ""});
    test::for_each_damage(as_view(lines), [](string_view in) {
      if (auto text = decode_text(in)) {
        std::size_t sum = 0;
        for (std::size_t i = 0; i < text->size(); ++i)
          sum += (*text)[i].size();
        CHECK(sum == text->bytes.size());
      }
    });
    const auto packed = encoded(vector<reading>{{"s", 1, 2, {"a"}, {{"x", 1}}, {}}});
    test::for_each_damage(as_view(packed),
                          [](string_view in) { (void)decode_records<reading>(in); });
  }

  TEST_CASE("every cut is an error") {
    const auto out = encoded(vector<pair<string, double>>{{"to", 1}, {"be", 2}});
    for (std::size_t size = 0; size < out.size(); ++size)
      CHECK(is_refused<pair<string, double>>(as_view(out).substr(0, size)));
  }

  TEST_CASE("random records come back") {
    using flat = tuple<string, std::int64_t, pair<std::uint8_t, string>, bool>;
    CHECK(rc::check("flat records", [](const vector<flat>& x) { RC_ASSERT(comes_back(x)); }));
    using packed = pair<string, vector<std::optional<int>>>;
    CHECK(rc::check("other records", [](const vector<packed>& x) { RC_ASSERT(comes_back(x)); }));
    CHECK(rc::check("random bytes are read or refused", [](const string& in) {
      (void)decode_records<flat>(in);
      (void)decode_records<packed>(in);
      (void)decode_text(in);
    }));
  }
}
