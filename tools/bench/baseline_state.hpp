#pragma once

#include "state_run.hpp"

namespace caf_stream::bench {

/// One table a thread for the keys that are its own, updated in place: each thread goes through all
/// updates and takes those of its keys, and asks for their memory ahead. Sums what comes out as it
/// goes.
state_run tuned_state(const state_batches& batches, state_output output, unsigned threads);

/// The same with `std::unordered_map`, a new one for each batch.
state_run naive_state(const state_batches& batches, state_output output, unsigned threads);

} // namespace caf_stream::bench
