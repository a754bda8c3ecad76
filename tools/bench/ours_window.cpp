#include "ours_window.hpp"

#include "stepped_context.hpp"

#include <atomic>
#include <functional>

namespace caf_stream::bench {

window_run ours_window(const window_input& input, window_form form, unsigned workers) {
  stepped_context context{workers};
  rdd_queue<window_record> queue;
  auto records = context.stream().queue_stream(queue);
  auto length = context.stream().batch_interval() * static_cast<int>(input.length);
  auto counts = form == window_form::with_inverse
                  ? records.reduce_by_key_and_window(std::plus{}, std::minus{}, length)
                  : records.reduce_by_key_and_window(std::plus{}, length);
  auto sum = std::make_shared<std::atomic<std::int64_t>>(0);
  counts.foreach_partition([sum](auto&& all) {
    std::int64_t of_partition = 0;
    for (auto& [key, count] : all)
      of_partition += weigh(key, count);
    *sum += of_partition;
  });
  context.stream().start();
  window_run result;
  for (std::size_t i = 0; i < input.slides(); ++i) {
    queue.push(context.stream().make_rdd(input.batch(i)));
    auto seconds = context.step();
    if (i >= input.length)
      result.seconds.push_back(seconds);
    else
      *sum = 0;
  }
  result.sum = *sum;
  return result;
}

} // namespace caf_stream::bench
