#include <doctest/doctest.h>

#include <string>
#include <thread>

#include "caf_stream/data/text_records.hpp"

using namespace caf_stream;
using data::text_mode;
using data::text_records;

namespace {

text_records make_lines(const std::string& text) {
  text_records result;
  auto owner = std::make_shared<std::string>(text);
  result.bytes = *owner;
  result.owner = owner;
  result.mode = text_mode::lines;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n')
      result.ends.push_back(static_cast<std::uint32_t>(i + 1));
  if (!text.empty() && text.back() != '\n')
    result.ends.push_back(static_cast<std::uint32_t>(text.size()));
  return result;
}

std::vector<std::string> records_of(const text_records& x) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < x.size(); ++i)
    result.emplace_back(x[i]);
  return result;
}

} // namespace

TEST_SUITE("data.text_records") {

  TEST_CASE("a line ends with \\n or \\r\\n, which is dropped; every other byte is kept") {
    CHECK(records_of(make_lines("hello\nworld\r\nx")) ==
          std::vector<std::string>{"hello", "world", "x"});
    CHECK(records_of(make_lines("\n\r\n\r")) == std::vector<std::string>{"", "", "\r"});
    CHECK(records_of(make_lines("a\rb\r\r\n")) == std::vector<std::string>{"a\rb\r"});
    CHECK(records_of(make_lines("")).empty());
  }

  TEST_CASE("exact records keep their line ends") {
    auto text = make_lines("a\nb\r\n");
    text.mode = text_mode::exact;
    CHECK(records_of(text) == std::vector<std::string>{"a\n", "b\r\n"});
  }

  TEST_CASE("an encoding reads back as the same records, whatever the mode") {
    for (auto mode : {text_mode::exact, text_mode::lines}) {
      auto text = make_lines("hello\nworld\r\n\nlast");
      text.mode = mode;
      codec::bytes bytes;
      data::payload_traits<text_records>::encode(text, bytes);
      auto decoded = data::payload_traits<text_records>::decode(codec::as_view(bytes));
      REQUIRE(decoded);
      CHECK(records_of(*decoded) == records_of(text));
      bytes.assign(bytes.size(), 'x'); // what was decoded owns its bytes
      CHECK(records_of(*decoded) == records_of(text));
    }
  }

  TEST_CASE("an unknown mode and a cut encoding are damaged data") {
    codec::bytes bytes;
    data::payload_traits<text_records>::encode(make_lines("a\nb\n"), bytes);
    for (std::size_t n = 0; n < bytes.size(); ++n)
      CHECK(!data::payload_traits<text_records>::decode({bytes.data(), n}));
    bytes[0] = 2;
    auto decoded = data::payload_traits<text_records>::decode(codec::as_view(bytes));
    REQUIRE(!decoded);
    CHECK(decoded.error().code() == errc::damaged_data);
  }

  TEST_CASE("a segment's memory can be written to its end, and outlives the thread that made it") {
    std::shared_ptr<data::text_segment> segment;
    std::thread{[&segment] { segment = std::make_shared<data::text_segment>(100'000); }}.join();
    CHECK(segment->capacity() == 100'000);
    segment->data()[0] = 'a';
    segment->data()[99'999] = 'z';
    CHECK(segment->data()[0] == 'a');
  }

  TEST_CASE("a cursor gives chunks of its run and stays at the end") {
    std::string text;
    for (int i = 0; i < 3000; ++i)
      text += std::to_string(i) + "\n";
    auto records = std::make_shared<const text_records>(make_lines(text));
    data::text_cursor cursor{records, 5, 2500};
    int expected = 5;
    for (auto chunk = cursor.next(); !chunk.empty(); chunk = cursor.next())
      for (auto record : chunk)
        CHECK(record == std::to_string(expected++));
    CHECK(expected == 2500);
    CHECK(cursor.next().empty());
    data::text_cursor beyond{records, 2999, 5000};
    CHECK(beyond.next().size() == 1);
  }

} // TEST_SUITE
