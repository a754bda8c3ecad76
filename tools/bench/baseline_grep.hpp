#pragma once

#include "grep_run.hpp"

#include <string_view>
#include <vector>

namespace caf_stream::bench {

/// Splits the lines by `memchr` and looks into each with `string_view::find`. Each thread takes its
/// share of every batch; nothing waits between batches.
grep_run plain_grep(const std::vector<std::string_view>& batches, std::string_view word,
                    unsigned threads);

} // namespace caf_stream::bench
