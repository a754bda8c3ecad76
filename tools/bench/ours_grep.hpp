#pragma once

#include "grep_run.hpp"

#include <string_view>
#include <vector>

namespace caf_stream::bench {

/// `filter` and `count`, a batch at a time: each batch is stored through a receiver, and timed from
/// its tick until the context says that it is completed.
grep_run ours_grep(const std::vector<std::string_view>& batches, std::string_view word,
                   unsigned workers);

} // namespace caf_stream::bench
