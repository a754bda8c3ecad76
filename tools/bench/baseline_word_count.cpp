#include "baseline_word_count.hpp"

#include "baseline_word_tables.hpp"
#include "stopwatch.hpp"

namespace caf_stream::bench {

namespace {

template <class Table>
word_count_run count_batches(const std::vector<std::string_view>& batches, unsigned threads,
                             bool reserve_ahead) {
  word_count_run result;
  std::size_t expected = 0;
  for (auto batch : batches) {
    stopwatch watch;
    auto tables = count_in_parallel<Table>(batch, threads, reserve_ahead ? expected : 0);
    auto& merged = tables.front();
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
