#pragma once

// How the baselines count words: a table a thread, merged into the first. Included by
// baseline_*.cpp only.

#include "cut_at_lines.hpp"
#include "parallel.hpp"

#include <absl/container/flat_hash_map.h>

#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace caf_stream::bench {

using tuned_table = absl::flat_hash_map<std::string, long>;
using naive_table = std::unordered_map<std::string, long>;

/// The first `c` in [first, last), or `last`.
inline const char* find_or_end(const char* first, const char* last, char c) {
  auto found = std::memchr(first, c, static_cast<std::size_t>(last - first));
  return found != nullptr ? static_cast<const char*>(found) : last;
}

inline void count_words(std::string_view text, tuned_table& table) {
  auto pos = text.data();
  auto end = pos + text.size();
  while (pos < end) {
    auto line_end = find_or_end(pos, end, '\n');
    while (pos < line_end) {
      auto word_end = find_or_end(pos, line_end, ' ');
      if (word_end != pos)
        ++table[absl::string_view{pos, static_cast<std::size_t>(word_end - pos)}];
      pos = word_end + 1;
    }
    pos = line_end + 1;
  }
}

inline void count_words(std::string_view text, naive_table& table) {
  std::string word;
  for (auto c : text) {
    if (c == ' ' || c == '\n') {
      if (!word.empty())
        ++table[word];
      word = std::string{};
    } else {
      word += c;
    }
  }
}

/// Counts the words of `text` with a table for each thread, which have room for `expected` words;
/// the first of them has all words then.
template <class Table>
std::vector<Table> count_in_parallel(std::string_view text, unsigned threads,
                                     std::size_t expected) {
  std::vector<Table> tables(threads);
  for (auto& table : tables)
    table.reserve(expected);
  auto parts = cut_at_lines(text, threads);
  in_parallel(threads, [&](unsigned i) { count_words(parts[i], tables[i]); });
  auto& merged = tables.front();
  for (unsigned i = 1; i < threads; ++i)
    for (auto& [word, count] : tables[i])
      merged[word] += count;
  return tables;
}

} // namespace caf_stream::bench
