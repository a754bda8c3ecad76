#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace caf_stream::test {

/// About `bytes` bytes of words, of which some are rare, some long, some not UTF-8 and some hold a
/// comma, a parenthesis or a NUL, between all kinds of white space; ends with a line end.
inline std::string make_odd_text(std::size_t bytes, std::uint32_t seed) {
  std::mt19937 random{seed};
  auto below = [&](std::uint32_t n) { return random() % n; };
  auto word = [&] {
    switch (below(40)) {
    case 0:
      return "rare" + std::to_string(below(20000));
    case 1:
      return std::string(below(300) + 1, static_cast<char>('a' + below(26)));
    case 2:
      return std::string{"\xff\xfe\xc3"};
    case 3:
      return std::string{"nul\0nul", 7};
    case 4:
      return std::string{"(a,1)"};
    default:
      return "w" + std::to_string(below(500));
    }
  };
  static constexpr const char* spaces[] = {" ",    "\n", "  ", "\t",  "\r\n",
                                           "\n\n", "\v", "\f", " \r "};
  std::string text;
  while (text.size() < bytes) {
    text += word();
    // Mostly blanks, so that lines have several words.
    text += below(3) == 0 ? spaces[below(9)] : " ";
  }
  text.append(100000, ' ');
  text += "after_a_long_line\n";
  return text;
}

} // namespace caf_stream::test
