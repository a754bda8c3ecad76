#include "caf_stream/codec/unpacker.hpp"

#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include "libcaf_stream/codec/sample_types.hpp"

using namespace caf_stream;
using namespace caf_stream::codec;
using namespace std::string_literals;

namespace {

template <class T>
bool is_refused(std::string_view in) {
  auto read = decode<T>(in);
  return !read && read.error().code() == errc::damaged_data;
}

struct moody {
  template <class Packer>
  void msgpack_pack(Packer& out) const {
    out.pack_nil();
  }
  void msgpack_unpack(const msgpack::object&) { throw std::runtime_error{"not today"}; }
};

} // namespace

TEST_SUITE("codec.unpacker") {

  TEST_CASE("a declared size takes no memory until the elements are there") {
    // Arrays, maps, strings, binaries and extensions of 2^32 - 1 elements or bytes.
    for (const char tag : "\xdd\xdf\xdb\xc6\xc9"s) {
      const auto huge = tag + "\xff\xff\xff\xff"s + std::string(20, '\x01');
      CHECK(is_refused<std::vector<int>>(huge));
      CHECK(is_refused<std::map<int, int>>(huge));
      CHECK(is_refused<std::string>(huge));
      CHECK(is_refused<sample::reading>(huge));
    }
  }

  TEST_CASE("nested declared sizes do not add up to more than the input") {
    // Sixty arrays in each other, each of which declares as many elements as the input has bytes.
    const std::size_t size = 1 << 20;
    std::string in;
    for (int i = 0; i < 60; ++i)
      in += "\xdd\x00\x0f\xff\x00"s;
    in.resize(size);
    const auto read = decode<sample::tree>(in);
    REQUIRE_FALSE(read.has_value());
    CHECK(std::string{read.error().what()} ==
          "cannot decode: more elements are declared than there are bytes");
    CHECK(is_refused<std::vector<std::vector<int>>>(in));
  }

  TEST_CASE("values nested too deeply are refused") {
    const auto nested = [](std::size_t depth) {
      std::string in;
      for (std::size_t i = 0; i < depth; ++i)
        in += "\x91";
      return in + "\x01";
    };
    const auto deep_enough = nested(unpacker::max_depth);
    unpacker enough{deep_enough};
    CHECK_NOTHROW(enough.next());
    CHECK(is_refused<std::vector<int>>(nested(unpacker::max_depth + 1)));
    CHECK(is_refused<sample::tree>(nested(1000000)));
    std::string maps;
    for (int i = 0; i < 100000; ++i)
      maps += "\x81\x01";
    CHECK(is_refused<std::map<int, int>>(maps));
  }

  TEST_CASE("large elements are not reserved on the sender's word") {
    using large = std::vector<std::array<std::array<double, 50>, 50>>;
    CHECK(is_refused<large>("\xdd\x00\x0f\xff\xff"s + std::string(0xfffff, '\x01')));
  }

  TEST_CASE("a byte that begins no value is refused") {
    CHECK(is_refused<int>("\xc1"));
    CHECK(is_refused<std::vector<int>>("\x91\xc1"));
  }

  TEST_CASE("what a type's own function throws is damage") { CHECK(is_refused<moody>("\xc0")); }

  TEST_CASE("the error says that bytes could not be decoded and why") {
    const auto read = decode<int>("");
    CHECK(std::string{read.error().what()} == "cannot decode: the bytes end before a value");
  }
}
