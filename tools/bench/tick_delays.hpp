#pragma once

#include <vector>

namespace caf_stream::bench {

/// Microseconds from due time to completion, for each batch in turn.
using tick_delays = std::vector<double>;

} // namespace caf_stream::bench
