#include "caf_stream/ingest/text_builder.hpp"

#include <atomic>
#include <cstring>
#include <random>
#include <thread>

#include <doctest/doctest.h>

#include "support/recording_port.hpp"

using namespace caf_stream;
using namespace caf_stream::ingest;
using namespace std::string_literals;
using caf_stream::test::eventually;
using caf_stream::test::records_of;

namespace {

using lines = std::vector<std::string>;

// Everything a line may be: with either end, empty, with NUL, a lone CR, what is no UTF-8.
const std::string odd_text = "one\r\ntwo\n\n\r\nlone\rcr\r\r\n\0nul\0\n\xff\xfe\n\xc3\r\nlast"s;

const lines odd_lines{"one", "two", "", "", "lone\rcr\r", "\0nul\0"s, "\xff\xfe", "\xc3", "last"};

status write(text_builder& builder, std::string_view bytes) {
  auto room = builder.prepare(bytes.size());
  if (!room)
    return tl::unexpected<error>{room.error()};
  std::memcpy(room->data(), bytes.data(), bytes.size());
  return builder.commit(bytes.size());
}

lines take_lines(text_builder& builder) { return test::take_all<std::string_view>(builder); }

builder_options limited_to(std::uint64_t max_record_bytes) {
  builder_options options;
  options.max_record_bytes = max_record_bytes;
  return options;
}

errc code_of(const status& outcome) { return outcome ? errc{} : outcome.error().code(); }

} // namespace

TEST_SUITE("ingest.text_builder") {

  TEST_CASE("lines are the same wherever the text is split and cut") {
    for (std::size_t at = 0; at <= odd_text.size(); ++at) {
      for (bool cut : {false, true}) {
        text_builder builder{{}};
        lines found;
        CHECK(write(builder, odd_text.substr(0, at)));
        if (cut)
          found = take_lines(builder);
        CHECK(write(builder, odd_text.substr(at)));
        CHECK(builder.finish());
        for (auto& line : take_lines(builder))
          found.push_back(line);
        CHECK(found == odd_lines);
      }
    }
  }

  TEST_CASE("lines are the same when bytes come one by one") {
    text_builder builder{{}};
    lines found;
    for (char byte : odd_text) {
      CHECK(write(builder, {&byte, 1}));
      for (auto& line : take_lines(builder))
        found.push_back(line);
    }
    CHECK(found.size() == odd_lines.size() - 1);
    CHECK(builder.finish());
    CHECK(take_lines(builder) == lines{"last"});
  }

  TEST_CASE("a text that ends with a line's end has no other line") {
    text_builder builder{{}};
    CHECK(write(builder, "a\n"));
    CHECK(builder.finish());
    CHECK(take_lines(builder) == lines{"a"});
    CHECK(builder.finish());
    CHECK(take_lines(builder).empty());
  }

  TEST_CASE("a last line may end with a lone CR") {
    text_builder builder{{}};
    CHECK(write(builder, "a\r"));
    CHECK(builder.finish());
    CHECK(write(builder, "b\n"));
    CHECK(take_lines(builder) == lines{"a\r", "b"});
  }

  TEST_CASE("an unfinished line can be dropped") {
    text_builder builder{{}};
    CHECK(write(builder, "a\nbcd"));
    CHECK(builder.drop_unfinished() == 3);
    CHECK(builder.drop_unfinished() == 0);
    CHECK(write(builder, "e\n"));
    CHECK(take_lines(builder) == lines{"a", "e"});
  }

  TEST_CASE("blocks are slices of the memory that was written to") {
    text_builder builder{{}};
    auto room = *builder.prepare(100);
    std::memcpy(room.data(), "ab\ncd\nef", 8);
    CHECK(builder.commit(8));
    builder.cut();
    auto block = builder.take();
    auto content = *block.get<data::record_list<std::string_view>>();
    CHECK((*content)[0].data() == room.data());
    CHECK((*content)[1].data() == room.data() + 3);
    CHECK(block.records() == 2);
    CHECK(block.bytes() == 6 + 2 * 4);
    CHECK(write(builder, "gh\n"));
    builder.cut();
    auto next = *builder.take().get<data::record_list<std::string_view>>();
    CHECK((*next)[0].data() == room.data() + 6);
    CHECK((*next)[0] == "efgh");
  }

  TEST_CASE("blocks are sealed by size, which is told, and hold whole lines") {
    builder_options options;
    options.block_size = 100;
    options.max_sealed = 1000;
    std::size_t told = 0;
    options.on_sealed = [&] { ++told; };
    text_builder builder{options};
    std::string text;
    for (int i = 0; i < 1000; ++i)
      text += "line " + std::to_string(i) + "\n";
    CHECK(write(builder, text));
    CHECK(builder.sealed() == told);
    std::size_t sum = 0;
    for (std::size_t i = 0; i < told; ++i) {
      auto block = *builder.take().get<data::record_list<std::string_view>>();
      CHECK(block->bytes.size() >= 100);
      CHECK(block->bytes.size() < 110);
      CHECK(block->bytes.back() == '\n');
      sum += block->bytes.size();
    }
    CHECK(sum + 110 > text.size());
    auto rest = take_lines(builder);
    CHECK(rest.back() == "line 999");
  }

  TEST_CASE("a full segment is followed by another, and lines that span them are whole") {
    builder_options options;
    options.block_size = 300'000;
    options.max_sealed = 1000;
    text_builder builder{options};
    lines expected;
    for (int i = 0; i < 3000; ++i) {
      expected.push_back(std::string(static_cast<std::size_t>(i % 700), 'x') + std::to_string(i));
      CHECK(write(builder, expected.back() + "\n"));
    }
    CHECK(builder.sealed() >= 3);
    CHECK(take_lines(builder) == expected);
  }

  TEST_CASE("a line may be longer than a block and a segment") {
    builder_options options;
    options.block_size = 1000;
    options.max_sealed = 1000;
    text_builder builder{options};
    std::string line(2'000'000, 'x');
    CHECK(write(builder, "a\n"));
    for (std::size_t at = 0; at < line.size(); at += 50'000)
      CHECK(write(builder, line.substr(at, 50'000)));
    CHECK(write(builder, "\nb\n"));
    CHECK(take_lines(builder) == lines{"a", line, "b"});
  }

  TEST_CASE("lines beyond the limit are refused wherever the text is split") {
    const std::string text = "1234\n12345\n1234\r\n123456789\r\n\n12345\r\nabc\n123456";
    const lines expected{"1234", "1234", "", "abc"};
    for (std::size_t first = 0; first <= text.size(); ++first) {
      for (auto second = first; second <= text.size(); ++second) {
        text_builder builder{limited_to(4)};
        CHECK(write(builder, text.substr(0, first)));
        CHECK(write(builder, text.substr(first, second - first)));
        CHECK(write(builder, text.substr(second)));
        CHECK(builder.finish());
        CHECK(builder.take_refused() == 4);
        CHECK(builder.take_refused() == 0);
        CHECK(take_lines(builder) == expected);
      }
    }
  }

  TEST_CASE("a last line of exactly the limit is kept, one more is refused") {
    for (std::string_view last : {"1234", "12345", "1234\r"}) {
      text_builder builder{limited_to(4)};
      CHECK(write(builder, last));
      CHECK(builder.finish());
      CHECK(take_lines(builder).size() == (last.size() == 4 ? 1 : 0));
      CHECK(builder.take_refused() == (last.size() == 4 ? 0 : 1));
    }
  }

  TEST_CASE("no memory is taken for the part of a line that is beyond the limit") {
    text_builder builder{limited_to(100'000)};
    char* lowest = nullptr;
    char* highest = nullptr;
    for (int i = 0; i < 2000; ++i) {
      auto room = *builder.prepare(64 * 1024);
      std::memset(room.data(), 'x', 64 * 1024);
      if (i == 10)
        lowest = highest = room.data();
      if (i >= 10) {
        lowest = std::min(lowest, room.data());
        highest = std::max(highest, room.data());
      }
      CHECK(builder.commit(64 * 1024));
    }
    CHECK(lowest == highest);
    CHECK(builder.take_refused() == 1);
    CHECK(write(builder, "x\nnext\n"));
    CHECK(take_lines(builder) == lines{"next"});
  }

  TEST_CASE("after a refused line that never ended a new text begins afresh") {
    text_builder builder{limited_to(4)};
    CHECK(write(builder, "123456789"));
    builder.drop_unfinished();
    CHECK(write(builder, "ab\n"));
    CHECK(take_lines(builder) == lines{"ab"});
  }

  TEST_CASE("the writer waits while too many blocks have not been taken") {
    builder_options options;
    options.block_size = 4;
    text_builder builder{options};
    CHECK(write(builder, "1234\n1234\n"));
    CHECK(builder.sealed() == 2);
    std::thread writer{[&] { CHECK(write(builder, "next\n")); }};
    CHECK(eventually([&] { return builder.has_waiting_producer(); }));
    CHECK(builder.accepted() == 2);
    builder.take();
    writer.join();
    CHECK(take_lines(builder) == lines{"1234", "next"});
  }

  TEST_CASE("an interrupt ends a wait for room; a new receiver goes on behind it") {
    builder_options options;
    options.block_size = 4;
    text_builder builder{options};
    CHECK(write(builder, "1234\n1234\nunfinished"));
    status outcome;
    std::thread writer{[&] { outcome = write(builder, "next\n"); }};
    CHECK(eventually([&] { return builder.has_waiting_producer(); }));
    builder.interrupt();
    writer.join();
    CHECK(code_of(outcome) == errc::stopped);
    CHECK(take_lines(builder) == lines{"1234", "1234"});
    builder.resume();
    CHECK(builder.drop_unfinished() == 10);
    CHECK(write(builder, "next\n"));
    CHECK(take_lines(builder) == lines{"next"});
  }

  TEST_CASE("an interrupt ends a wait for the rate, and lines that were read are there") {
    builder_options options;
    options.limiter = std::make_shared<rate_limiter>(20);
    text_builder builder{options};
    std::string text;
    for (int i = 0; i < 1000; ++i)
      text += "line\n";
    status outcome;
    std::thread writer{[&] { outcome = write(builder, text); }};
    CHECK(eventually([&] { return builder.accepted() > 1; }));
    CHECK(builder.accepted() < 1000);
    builder.interrupt();
    writer.join();
    CHECK(code_of(outcome) == errc::stopped);
    CHECK(take_lines(builder).size() == 1000);
  }

  TEST_CASE("a closed builder takes no lines") {
    text_builder builder{{}};
    CHECK(write(builder, "a\n"));
    auto room = *builder.prepare(10);
    std::memcpy(room.data(), "b\n", 2);
    builder.close();
    CHECK(code_of(builder.commit(2)) == errc::stopped);
    CHECK_FALSE(builder.prepare(10));
    CHECK(take_lines(builder) == lines{"a"});
  }

  TEST_CASE("no line is lost or there twice, however blocks are cut") {
    auto seed = std::random_device{}();
    CAPTURE(seed);
    builder_options options;
    options.block_size = 10'000;
    options.spare_bytes = 1 << 20;
    text_builder builder{options};
    constexpr int count = 200'000;
    std::atomic<bool> done{false};
    std::thread writer{[&] {
      std::mt19937 random{seed};
      std::string text;
      for (int i = 0; i < count; ++i)
        text += std::to_string(i) + std::string(random() % 40, '.') + (i % 3 == 0 ? "\r\n" : "\n");
      for (std::size_t at = 0; at < text.size();) {
        auto room = *builder.prepare(1 + random() % 5000);
        auto n = std::min({room.size(), text.size() - at, std::size_t{1 + random() % 40'000}});
        std::memcpy(room.data(), text.data() + at, n);
        if (!builder.commit(n))
          break;
        at += n;
      }
      done = true;
    }};
    std::mt19937 random{seed + 1};
    int next = 0;
    bool right = true;
    std::vector<data::payload> held; // so that segments are still in use when they are full
    auto drain = [&] {
      while (auto block = builder.take()) {
        held.push_back(block);
        if (held.size() > 20)
          held.erase(held.begin(), held.begin() + 10);
        for (auto& line : records_of<std::string_view>(block)) {
          auto number = std::to_string(next++);
          right = right && line.compare(0, number.size(), number) == 0 &&
                  line.find_first_not_of('.', number.size()) == std::string::npos;
        }
      }
    };
    while (!done) {
      if (random() % 3 == 0)
        builder.cut();
      drain();
    }
    writer.join();
    builder.cut();
    drain();
    CHECK(right);
    CHECK(next == count);
  }

} // TEST_SUITE
