#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace caf_stream::bench {

/// A key and what is counted for it.
using window_record = std::pair<std::int64_t, std::int64_t>;

/// What is counted: slide i has the records of batch i modulo their number.
struct window_input {
  std::vector<std::vector<window_record>> batches;
  std::size_t length = 30;   ///< of a window, in slides
  std::size_t measured = 20; ///< slides, after as many as a window has

  std::size_t slides() const { return length + measured; }
  const std::vector<window_record>& batch(std::size_t slide) const {
    return batches[slide % batches.size()];
  }
};

struct window_run {
  std::vector<double> seconds; ///< of each measured slide
  std::int64_t sum = 0;        ///< of all counts, each times its key, over the measured slides
};

/// How a window comes by its counts.
enum class window_form {
  with_inverse, ///< what leaves is subtracted
  combined      ///< what is there is combined
};

inline std::int64_t weigh(std::int64_t key, std::int64_t count) { return (key & 0xFF) * count; }

} // namespace caf_stream::bench
