#pragma once

// The data of the cases. Words come from a vocabulary of 100,000 words of lower-case letters whose
// frequencies follow Zipf's law (the word of rank r is drawn with a probability proportional to
// 1/r), as in natural text. The same call always makes the same bytes.

#include <cstddef>
#include <string>

namespace caf_stream::bench {

/// At least `bytes` of text in lines of 10 to 18 words, 14 in the mean; each line ends with a
/// newline.
std::string make_text(std::size_t bytes);

struct grep_data {
  /// Records of exactly 100 bytes, the newline at the end of each included.
  std::string text;
  /// About one record in a hundred contains it.
  std::string word;
};

grep_data make_grep_data(std::size_t records);

} // namespace caf_stream::bench
