#include "ours_word_count.hpp"

#include "text_feed.hpp"

#include <functional>
#include <mutex>

namespace caf_stream::bench {

namespace {

struct shared_tally {
  std::mutex mutex;
  word_tally sum;
};

} // namespace

word_count_run ours_word_count(const std::vector<std::string_view>& batches, unsigned workers) {
  auto tally = std::make_shared<shared_tally>();
  text_context context{workers};
  context.lines()
    .flat_map(split_words)
    .map([](std::string_view word) {
      return std::pair{word, 1L};
    })
    .reduce_by_key(std::plus{})
    .foreach_partition([tally](auto&& records, const output_id&) {
      word_tally of_partition;
      for (auto&& [word, count] : records)
        of_partition.add(word, count);
      std::lock_guard lock{tally->mutex};
      tally->sum += of_partition;
    });
  auto seconds = context.run(batches);
  std::lock_guard lock{tally->mutex};
  return {seconds, tally->sum};
}

} // namespace caf_stream::bench
