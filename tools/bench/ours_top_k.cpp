#include "ours_top_k.hpp"

#include "text_feed.hpp"

#include <functional>
#include <mutex>

namespace caf_stream::bench {

namespace {

struct shared_results {
  std::mutex mutex;
  std::vector<std::vector<counted_word>> top;
};

} // namespace

top_k_run ours_top_k(const std::vector<std::string_view>& batches, unsigned workers) {
  auto results = std::make_shared<shared_results>();
  text_context context{workers};
  context.lines()
    .flat_map(split_words)
    .map([](std::string_view word) {
      return std::pair{word, 1L};
    })
    .reduce_by_key(std::plus{})
    .foreach_rdd([results](const rdd<counted_word>& counts) {
      auto top = counts.top(top_k, counted_less{});
      std::lock_guard lock{results->mutex};
      results->top.push_back(std::move(top));
    });
  auto seconds = context.run(batches);
  std::lock_guard lock{results->mutex};
  return {seconds, results->top};
}

} // namespace caf_stream::bench
