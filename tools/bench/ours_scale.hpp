#pragma once

#include <cstddef>
#include <cstdint>

namespace caf_stream::bench {

struct operators_run {
  double seconds = 0;   ///< from each batch's tick to its completion, summed
  std::int64_t sum = 0; ///< over all records of all batches, as they leave the last operator
};

/// Batches of the numbers from 0 to `records` - 1 through a chain of `operators` operators that add
/// one each, a function object a piece.
operators_run ours_operators(std::size_t operators, std::size_t records, std::size_t batches,
                             unsigned workers);

/// What many ticks leave behind.
struct ticks_run {
  double first_seconds = 0;    ///< for the first tenth of them, after some to warm up
  double last_seconds = 0;     ///< for the last tenth
  std::uint64_t first_kib = 0; ///< resident memory after the first tenth
  std::uint64_t last_kib = 0;  ///< and at the end
};

/// So many batches without records, on a clock moved by hand, of a word count over a window with an
/// inverse and a state on top of it. Requires at least 10.
ticks_run ours_empty_ticks(std::size_t ticks, unsigned workers);

} // namespace caf_stream::bench
