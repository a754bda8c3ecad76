#pragma once

#include <cstdint>
#include <vector>

namespace caf_stream::bench {

struct grep_run {
  double seconds = 0;
  /// For each batch, how many lines contain the word.
  std::vector<std::int64_t> matches;
};

} // namespace caf_stream::bench
