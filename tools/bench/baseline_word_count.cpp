#include "baseline_word_count.hpp"

#include "cut_at_lines.hpp"
#include "parallel.hpp"
#include "stopwatch.hpp"

#include <absl/container/flat_hash_map.h>

#include <cstring>
#include <string>
#include <unordered_map>

namespace caf_stream::bench {

namespace {

using tuned_table = absl::flat_hash_map<std::string, long>;
using naive_table = std::unordered_map<std::string, long>;

/// The first `c` in [first, last), or `last`.
const char* find_or_end(const char* first, const char* last, char c) {
  auto found = std::memchr(first, c, static_cast<std::size_t>(last - first));
  return found != nullptr ? static_cast<const char*>(found) : last;
}

void count_words(std::string_view text, tuned_table& table) {
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

void count_words(std::string_view text, naive_table& table) {
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

template <class Table>
word_count_run count_batches(const std::vector<std::string_view>& batches, unsigned threads,
                             bool reserve_ahead) {
  word_count_run result;
  std::size_t expected = 0;
  for (auto batch : batches) {
    stopwatch watch;
    std::vector<Table> tables(threads);
    if (reserve_ahead)
      for (auto& table : tables)
        table.reserve(expected);
    auto parts = cut_at_lines(batch, threads);
    in_parallel(threads, [&](unsigned i) { count_words(parts[i], tables[i]); });
    auto& merged = tables.front();
    for (unsigned i = 1; i < threads; ++i)
      for (auto& [word, count] : tables[i])
        merged[word] += count;
    expected = merged.size();
    result.seconds += watch.seconds();
    for (auto& [word, count] : merged)
      result.tally.add(word, count);
  }
  return result;
}

} // namespace

word_count_run tuned_word_count(const std::vector<std::string_view>& batches, unsigned threads) {
  return count_batches<tuned_table>(batches, threads, true);
}

word_count_run naive_word_count(const std::vector<std::string_view>& batches, unsigned threads) {
  return count_batches<naive_table>(batches, threads, false);
}

} // namespace caf_stream::bench
