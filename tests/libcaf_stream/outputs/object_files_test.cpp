#include <doctest/doctest.h>

#include "caf_stream/codec/checksum.hpp"
#include "caf_stream/outputs/object_files.hpp"

using namespace caf_stream;
using namespace caf_stream::outputs;
using namespace std::string_view_literals;

namespace {

std::string file_of(const std::vector<std::string>& contents) {
  std::string file;
  append_object_head(file);
  for (auto& content : contents)
    append_object_frame(file, content);
  append_object_end(file);
  return file;
}

/// All contents; the error where there is one.
result<std::vector<std::string>> read(std::string_view file) {
  object_file_reader reader{file};
  std::vector<std::string> contents;
  for (;;) {
    auto next = reader.next();
    if (!next)
      return tl::unexpected<error>{next.error()};
    if (!*next)
      return contents;
    contents.emplace_back(**next);
  }
}

} // namespace

TEST_SUITE("outputs.object_files") {

  TEST_CASE("the bytes are those of the description") {
    CHECK(codec::crc32c("ab") == 0xe2a22936);
    CHECK(file_of({"ab"}) == "cafsobj\x01"
                             "\x02\0\0\0"
                             "\x36\x29\xa2\xe2"
                             "ab"
                             "\0\0\0\0\0\0\0\0"sv);
  }

  TEST_CASE("contents come back in order") {
    for (auto& contents : std::vector<std::vector<std::string>>{
           {}, {"x"}, {"ab", std::string(100'000, 'y'), std::string(3, '\0')}}) {
      auto found = read(file_of(contents));
      REQUIRE(found);
      CHECK(*found == contents);
    }
  }

  TEST_CASE("a reader stays at the end") {
    auto file = file_of({"x"});
    object_file_reader reader{file};
    REQUIRE(*reader.next());
    CHECK(!*reader.next());
    CHECK(!*reader.next());
  }

  TEST_CASE("a file cut anywhere is damaged") {
    auto file = file_of({"some", "content"});
    for (std::size_t n = 0; n < file.size(); ++n) {
      CAPTURE(n);
      auto found = read(std::string_view{file}.substr(0, n));
      REQUIRE(!found);
      CHECK(found.error().code() == errc::damaged_data);
    }
  }

  TEST_CASE("a file with any bit changed, or with more behind it, is damaged") {
    const auto file = file_of({"some", "content"});
    for (std::size_t i = 0; i < 8 * file.size(); ++i) {
      CAPTURE(i);
      auto changed = file;
      changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << i % 8));
      CHECK(!read(changed));
    }
    CHECK(!read(file + "x"));
    CHECK(!read(file + file));
  }

  TEST_CASE("the error says where") {
    auto file = file_of({"some", "content"});
    file[8 + 8 + 4 + 8] ^= 1;
    auto found = read(file);
    REQUIRE(!found);
    CHECK(found.error().what() ==
          "byte 20 of the object file: the checksum of the frame is wrong"sv);
  }

  TEST_CASE("an empty content is refused") {
    std::string file;
    CHECK_THROWS_AS(append_object_frame(file, ""), error);
  }

} // TEST_SUITE
