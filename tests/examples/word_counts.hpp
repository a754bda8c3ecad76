#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caf_stream::test {

using word_counts = std::map<std::string, std::int64_t>;

/// The counts of a plain loop over the text: what a program that lost or doubled nothing must give.
word_counts count_words(std::string_view text);

/// A pair as print() and text files show it, `(word,3)`; nothing where the line is none.
std::optional<std::pair<std::string, std::int64_t>> parse_count(std::string_view line);

/// The sums of all pairs in lines that print() wrote. Other lines are passed over.
word_counts printed_counts(std::string_view output);

/// The folders `PREFIX-…` of saved batches.
std::vector<std::filesystem::path> saved_batches(const std::string& prefix);

/// The sums of all pairs in all parts of all those folders. Throws std::runtime_error for a line
/// that is no whole pair.
word_counts saved_counts(const std::string& prefix);

} // namespace caf_stream::test
