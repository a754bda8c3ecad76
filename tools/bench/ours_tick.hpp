#pragma once

#include "tick_delays.hpp"

#include <chrono>
#include <cstddef>

namespace caf_stream::bench {

/// The graph of word count on the real clock, without input: the time from each batch's due time
/// until a listener is told that it is completed.
tick_delays ours_ticks(std::size_t ticks, std::chrono::milliseconds interval, unsigned workers);

} // namespace caf_stream::bench
