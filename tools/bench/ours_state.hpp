#pragma once

#include "state_run.hpp"

namespace caf_stream::bench {

/// Runs map_with_state or update_state_by_key on the batches, which are in the driver's memory.
state_run ours_state(const state_batches& batches, state_output output, unsigned workers);

} // namespace caf_stream::bench
