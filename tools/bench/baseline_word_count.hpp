#pragma once

#include "word_count_run.hpp"

#include <string_view>
#include <vector>

namespace caf_stream::bench {

/// Counts each batch with empty tables: one `absl::flat_hash_map` a thread, looked up by view, and
/// then merged. `memchr` finds the ends of lines and words; tables have room for as many words as
/// the batch before had. Making the tally is not timed.
word_count_run tuned_word_count(const std::vector<std::string_view>& batches, unsigned threads);

/// The same with a `std::string` for each word and `std::unordered_map`.
word_count_run naive_word_count(const std::vector<std::string_view>& batches, unsigned threads);

} // namespace caf_stream::bench
