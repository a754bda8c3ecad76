#pragma once

#include "word_count_run.hpp"

#include <string_view>
#include <vector>

namespace caf_stream::bench {

/// Word count as a user writes it, a batch at a time: each batch is stored through a receiver, and
/// timed from its tick until the context says that it is completed.
word_count_run ours_word_count(const std::vector<std::string_view>& batches, unsigned workers);

} // namespace caf_stream::bench
