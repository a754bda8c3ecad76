#pragma once

#include "top_k_run.hpp"

#include <string_view>
#include <vector>

namespace caf_stream::bench {

/// Counts each batch as `tuned_word_count` does, and finds the most frequent words in one pass over
/// the merged table that keeps a heap of them.
top_k_run tuned_top_k(const std::vector<std::string_view>& batches, unsigned threads);

/// Counts as `naive_word_count` does, and sorts all words.
top_k_run naive_top_k(const std::vector<std::string_view>& batches, unsigned threads);

} // namespace caf_stream::bench
