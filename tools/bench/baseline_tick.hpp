#pragma once

#include "tick_delays.hpp"

#include <chrono>
#include <cstddef>

namespace caf_stream::bench {

/// The hops of an empty batch in bare CAF, on the real clock: a clock actor hands each tick to a
/// scheduler actor, that sends to `workers` detached actors, and the batch is completed when all
/// have answered. `ticks` batches, one every `interval`; returns the time from each tick's due
/// time to its completion.
tick_delays bare_caf_ticks(std::size_t ticks, std::chrono::milliseconds interval, unsigned workers);

} // namespace caf_stream::bench
