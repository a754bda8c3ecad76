#include <doctest/doctest.h>

#include "caf_stream/data/record_list.hpp"

using namespace caf_stream;
using data::payload;
using data::record_list;

namespace {

struct plain {
  int x = 0;
};

} // namespace

TEST_SUITE("data.payload") {

  TEST_CASE("an empty payload holds nothing") {
    payload none;
    CHECK(!none);
    CHECK(none.records() == 0);
    CHECK(none.bytes() == 0);
  }

  TEST_CASE("within a process copies share the value") {
    auto value = std::make_shared<const record_list<int>>(record_list<int>{{1, 2, 3}});
    auto first = payload::of(value, 3, 12);
    auto second = first;
    CHECK(second);
    CHECK(second.records() == 3);
    CHECK(second.bytes() == 12);
    CHECK(*second.get<record_list<int>>() == value);
  }

  TEST_CASE("an encoding reads back as the value, and encodes to itself") {
    auto live = payload::make(record_list<int>{{1, 2, 3}}, 3, 12);
    REQUIRE(live.is_encodable());
    auto bytes = live.encode();
    auto arrived = payload::from_encoding(bytes, 3, 12);
    CHECK(arrived.is_encodable());
    CHECK(arrived.encode() == bytes);
    CHECK(arrived.records() == 3);
    auto value = arrived.get<record_list<int>>();
    REQUIRE(value);
    CHECK((*value)->items == std::vector<int>{1, 2, 3});
  }

  TEST_CASE("types without an encoding stay in their process") {
    auto live = payload::make(record_list<plain>{{plain{7}}}, 1, 4);
    CHECK(!live.is_encodable());
    CHECK((*live.get<record_list<plain>>())->items[0].x == 7);
    auto bytes = payload::from_encoding(codec::to_bytes("x"), 1, 4).get<record_list<plain>>();
    REQUIRE(!bytes);
    CHECK(bytes.error().code() == errc::not_encodable);
  }

  TEST_CASE("a stored value is read each time, and says why it cannot be") {
    struct place final : data::stored_encoding {
      codec::bytes bytes;
      mutable int reads = 0;
      result<codec::bytes> read() const override {
        if (++reads > 2)
          return fail(errc::io_error, "gone");
        return bytes;
      }
      result<std::shared_ptr<const mapped_file>> put_aside(std::string_view) const override {
        return fail(errc::io_error, "nowhere to put it");
      }
    };
    auto where = std::make_shared<place>();
    where->bytes = payload::make(record_list<int>{{1, 2, 3}}, 3, 12).encode();
    auto stored = payload::from_stored(where, 3, 12);
    CHECK(stored.is_stored());
    CHECK(!stored.is_encoded());
    CHECK(stored.records() == 3);
    CHECK(stored.bytes() == 12);
    CHECK((*stored.get<record_list<int>>())->items == std::vector<int>{1, 2, 3});
    auto loaded = stored.load();
    REQUIRE(loaded);
    CHECK(loaded->is_encoded());
    CHECK((*loaded->get<record_list<int>>())->items == std::vector<int>{1, 2, 3});
    CHECK(where->reads == 2);
    auto gone = stored.get<record_list<int>>();
    REQUIRE(!gone);
    CHECK(gone.error().code() == errc::io_error);
  }

  TEST_CASE("text stays in the encoding that it is read from") {
    data::record_list_builder<std::string_view> list;
    list.push_back("hello");
    list.push_back("");
    list.push_back("world");
    auto encoded = payload::from_encoding(list.take().encode(), 3, 12);
    auto whole = encoded.share_encoding();
    auto text = encoded.get<record_list<std::string_view>>();
    REQUIRE(text);
    CHECK((**text)[2] == "world");
    CHECK((*text)->bytes.data() > whole->data());
    CHECK((*text)->bytes.data() < whole->data() + whole->size());
    // It outlives the payload.
    encoded = {};
    whole = nullptr;
    CHECK((**text)[0] == "hello");
  }

  TEST_CASE("a payload knows whether others share it") {
    auto first = payload::make(record_list<int>{{1}}, 1, 4);
    CHECK(!first.is_shared());
    auto second = first;
    CHECK(first.is_shared());
    second = {};
    CHECK(!first.is_shared());
  }

  TEST_CASE("bytes that are something else are damaged data") {
    auto live = payload::make(record_list<int>{{1, 2, 3}}, 3, 12);
    auto other = payload::from_encoding(live.encode(), 3, 12).get<record_list<std::string>>();
    REQUIRE(!other);
    CHECK(other.error().code() == errc::damaged_data);
    auto bytes = live.encode();
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      codec::bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
      CHECK(!payload::from_encoding(cut, 3, 12).get<record_list<int>>());
    }
  }

} // TEST_SUITE
