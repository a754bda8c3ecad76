#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace caf_stream::bench {

/// A key and what is added to its state.
using state_update = std::pair<std::int64_t, std::int64_t>;

/// Batches of updates. The first has each key once and is not measured.
using state_batches = std::vector<std::vector<state_update>>;

struct state_run {
  /// From the start of each batch but the first to its end, summed.
  double seconds = 0;
  /// The sum of all that came out, over all batches but the first.
  std::int64_t sum = 0;
  /// What the state takes at the end.
  std::uint64_t bytes = 0;
};

/// What comes out of a batch.
enum class state_output {
  of_each_update, ///< the state after each update, as of map_with_state
  of_each_key     ///< the state of each key at the end, as of update_state_by_key
};

} // namespace caf_stream::bench
