#include "ours_grep.hpp"

#include "text_feed.hpp"

#include <map>
#include <mutex>
#include <string>

namespace caf_stream::bench {

namespace {

struct matches_by_batch {
  std::mutex mutex;
  std::map<batch_time, std::int64_t> matches;
};

} // namespace

grep_run ours_grep(const std::vector<std::string_view>& batches, std::string_view word,
                   unsigned workers) {
  auto found = std::make_shared<matches_by_batch>();
  text_context context{workers};
  context.lines()
    .filter([word = std::string{word}](std::string_view line) {
      return line.find(word) != std::string_view::npos;
    })
    .count()
    .foreach_partition([found](auto&& records, const output_id& id) {
      std::lock_guard lock{found->mutex};
      for (auto count : records)
        found->matches[id.batch_time] += count;
    });
  grep_run result;
  result.seconds = context.run(batches);
  std::lock_guard lock{found->mutex};
  for (auto& [time, count] : found->matches)
    result.matches.push_back(count);
  return result;
}

} // namespace caf_stream::bench
