#pragma once

#include "window_run.hpp"

namespace caf_stream::bench {

/// With inverse: one table a thread for the keys that are its own, to which the records that come
/// are added and from which those that leave are subtracted. Combined: a table for each slide and
/// thread, and all of a window's merged anew for each slide.
window_run tuned_window(const window_input& input, window_form form, unsigned threads);

/// All records of a window counted anew for each slide, in a `std::unordered_map` a thread.
window_run naive_window(const window_input& input, unsigned threads);

} // namespace caf_stream::bench
