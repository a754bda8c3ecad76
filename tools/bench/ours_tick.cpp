#include "ours_tick.hpp"

#include "text_feed.hpp"

#include <functional>

namespace caf_stream::bench {

tick_delays ours_ticks(std::size_t ticks, std::chrono::milliseconds interval, unsigned workers) {
  bench_context context{interval, workers};
  context.stream()
    .receiver_stream<feed_receiver>(std::make_shared<feed_gate>())
    .flat_map(split_words)
    .map([](std::string_view word) {
      return std::pair{word, 1L};
    })
    .reduce_by_key(std::plus{})
    .foreach_partition([](auto&& records, const output_id&) {
      for (auto&& [word, count] : records)
        static_cast<void>(word), static_cast<void>(count);
    });
  context.stream().start();
  tick_delays delays;
  auto completed = context.watch().wait_for(ticks);
  for (std::size_t i = 0; i < ticks; ++i)
    delays.push_back(completed[i].delay.count());
  return delays;
}

} // namespace caf_stream::bench
