#pragma once

#include "top_k_run.hpp"

#include <string_view>
#include <vector>

namespace caf_stream::bench {

/// The most frequent words of each batch as a user finds them, timed as `ours_word_count` is.
top_k_run ours_top_k(const std::vector<std::string_view>& batches, unsigned workers);

} // namespace caf_stream::bench
