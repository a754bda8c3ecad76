#pragma once

#include "window_run.hpp"

namespace caf_stream::bench {

/// Runs reduce_by_key_and_window on the batches, which are in the driver's memory.
window_run ours_window(const window_input& input, window_form form, unsigned workers);

} // namespace caf_stream::bench
