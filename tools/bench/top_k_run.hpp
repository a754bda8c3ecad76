#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace caf_stream::bench {

/// How many words of each batch are asked for.
inline constexpr std::size_t top_k = 10;

using counted_word = std::pair<std::string, long>;

/// Orders words by count, and those that were there equally often by their spelling, so that there
/// is one answer.
struct counted_less {
  template <class Left, class Right>
  bool operator()(const Left& a, const Right& b) const {
    return a.second != b.second ? a.second < b.second : b.first < a.first;
  }
};

struct top_k_run {
  /// From the start of each batch to its most frequent words, summed.
  double seconds = 0;
  /// Of each batch, the most frequent first.
  std::vector<std::vector<counted_word>> top;
};

} // namespace caf_stream::bench
