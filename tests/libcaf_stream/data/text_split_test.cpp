#include "caf_stream/data/text_ref.hpp"
#include "caf_stream/data/text_split.hpp"

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "cpu_levels.hpp"
#include "memory_edge.hpp"

using namespace caf_stream;
using namespace caf_stream::data;

namespace {

using words = std::vector<std::string>;

bool is_space(char c) { return std::strchr(" \t\n\v\f\r", c) != nullptr && c != '\0'; }

words naive_words(std::string_view text) {
  words result;
  std::string word;
  for (char c : text) {
    if (!is_space(c)) {
      word += c;
    } else if (!word.empty()) {
      result.push_back(word);
      word.clear();
    }
  }
  if (!word.empty())
    result.push_back(word);
  return result;
}

// Splits with chunks of `capacity` words, and checks that no more is written than there is room
// for.
words split(std::string_view text, std::size_t capacity, cpu_level level) {
  words result;
  std::vector<std::string_view> out(capacity + 1, "untouched");
  std::size_t at = 0;
  while (auto n = split_words(text, at, out.data(), capacity, at, level)) {
    REQUIRE(n <= capacity);
    REQUIRE(out[capacity] == "untouched");
    result.insert(result.end(), out.begin(), out.begin() + static_cast<std::ptrdiff_t>(n));
  }
  CHECK(at == text.size());
  return result;
}

words split(const std::vector<std::string_view>& lines, std::size_t capacity, cpu_level level) {
  words result;
  std::vector<std::string_view> out(capacity + 1, "untouched");
  line_cursor at;
  while (auto n = split_lines(lines.data(), lines.size(), at, out.data(), capacity, level)) {
    REQUIRE(n <= capacity);
    REQUIRE(out[capacity] == "untouched");
    result.insert(result.end(), out.begin(), out.begin() + static_cast<std::ptrdiff_t>(n));
  }
  CHECK(at.line == lines.size());
  return result;
}

std::string random_text(std::mt19937& random, std::size_t size) {
  static constexpr std::string_view spaces = " \t\n\v\f\r";
  std::string result;
  auto mean = 1 + random() % 20;
  while (result.size() < size) {
    for (auto n = random() % (2 * mean); n != 0; --n)
      result += static_cast<char>(random());
    for (auto n = 1 + random() % 3; n != 0; --n)
      result += spaces[random() % spaces.size()];
  }
  result.resize(size);
  return result;
}

} // namespace

TEST_SUITE("data.text_split") {
  TEST_CASE("kernels see a std::string_view as it is") {
    std::string_view text = "text";
    text_ref seen;
    static_assert(sizeof(seen) == sizeof(text));
    std::memcpy(&seen, &text, sizeof(seen));
    CHECK(seen.data == text.data());
    CHECK(seen.size == text.size());
  }

  TEST_CASE("each byte is white space or part of a word") {
    for (auto level : test::levels_here()) {
      CAPTURE(to_string(level));
      for (int c = 0; c < 256; ++c) {
        CAPTURE(c);
        for (std::size_t before : {0, 5, 31, 63, 70}) {
          std::string text(before, 'x');
          text += static_cast<char>(c);
          text += "y";
          CHECK(split(text, 10, level) == naive_words(text));
        }
      }
    }
  }

  TEST_CASE("random text gives the words a naive loop finds, in chunks of any size") {
    auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 150; ++round) {
      auto text = random_text(random, random() % (round % 10 == 0 ? 20000 : 300));
      auto expected = naive_words(text);
      for (auto level : test::levels_here()) {
        CAPTURE(to_string(level));
        for (std::size_t capacity : {1u, 2u, 7u, 1024u})
          CHECK(split(text, capacity, level) == expected);
      }
    }
  }

  TEST_CASE("a word may be longer than what is looked at in one go") {
    for (auto level : test::levels_here()) {
      for (std::size_t size : {63u, 64u, 65u, 2047u, 2048u, 2049u, 100000u}) {
        std::string word(size, 'w');
        CHECK(split(word, 4, level) == words{word});
        CHECK(split(" " + word + " a", 4, level) == words{word, "a"});
        CHECK(split("a " + word, 1, level) == words{"a", word});
      }
    }
  }

  TEST_CASE("text without words has none") {
    for (auto level : test::levels_here()) {
      CHECK(split("", 4, level).empty());
      CHECK(split(std::string(5000, ' '), 4, level).empty());
      CHECK(split(std::vector<std::string_view>{}, 4, level).empty());
      CHECK(split({"", " ", std::string_view{}}, 4, level).empty());
    }
  }

  TEST_CASE("nothing outside the text is read") {
    auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    test::memory_edge edge;
    for (std::size_t size = 0; size < 300; ++size) {
      auto text = random_text(random, size);
      for (auto level : test::levels_here()) {
        CHECK(split(edge.at_end(text), 16, level) == naive_words(text));
        CHECK(split(edge.at_begin(text), 16, level) == naive_words(text));
        std::vector<std::uint32_t> ends;
        append_line_ends(edge.at_end(text), 0, ends, level);
      }
    }
  }

  TEST_CASE("lines of one text are split as the text, in chunks of any size") {
    auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 100; ++round) {
      auto text = random_text(random, random() % 20000);
      std::vector<std::string_view> lines;
      for (std::size_t begin = 0; begin < text.size();) {
        auto end = std::min(text.find('\n', begin), text.size());
        auto line = std::string_view{text}.substr(begin, end - begin);
        if (!line.empty() && line.back() == '\r')
          line.remove_suffix(1);
        if (random() % 10 != 0 || line.empty())
          lines.push_back(line);
        begin = end + 1;
      }
      words expected;
      for (auto line : lines)
        for (auto& word : naive_words(line))
          expected.push_back(word);
      for (auto level : test::levels_here())
        for (std::size_t capacity : {1u, 3u, 100u, 1024u})
          CHECK(split(lines, capacity, level) == expected);
    }
  }

  TEST_CASE("no word spans two lines") {
    std::string_view text = "abcd|efgh";
    std::vector<std::string_view> touching{text.substr(0, 2), text.substr(2, 2)};
    std::vector<std::string_view> apart{text.substr(0, 4), text.substr(5, 4)};
    std::vector<std::string_view> backwards{text.substr(5, 4), text.substr(0, 4)};
    for (auto level : test::levels_here()) {
      CHECK(split(touching, 8, level) == words{"ab", "cd"});
      CHECK(split(apart, 8, level) == words{"abcd", "efgh"});
      CHECK(split(backwards, 8, level) == words{"efgh", "abcd"});
    }
  }

  TEST_CASE("line ends are found wherever they are") {
    auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 200; ++round) {
      std::string text(random() % 10000, 'x');
      auto every = 1 + random() % (round % 2 == 0 ? 4 : 200);
      for (auto& c : text)
        if (random() % every == 0)
          c = '\n';
      std::vector<std::uint32_t> expected{7};
      for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '\n')
          expected.push_back(static_cast<std::uint32_t>(i + 1 + 1000));
      for (auto level : test::levels_here()) {
        std::vector<std::uint32_t> found{7};
        append_line_ends(text, 1000, found, level);
        CHECK(found == expected);
      }
    }
  }
}
