#include "ours_window.hpp"

#include "bench_context.hpp"

#include <atomic>
#include <chrono>
#include <functional>

namespace caf_stream::bench {

namespace {

constexpr duration interval{1000};

} // namespace

window_run ours_window(const window_input& input, window_form form, unsigned workers) {
  auto clock = std::make_shared<manual_clock>();
  bench_context context{interval, workers, clock};
  rdd_queue<window_record> queue;
  auto records = context.stream().queue_stream(queue);
  auto length = interval * static_cast<int>(input.length);
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
    auto tick = std::chrono::steady_clock::now();
    clock->advance(interval);
    std::chrono::duration<double> took = context.watch().wait_for(i + 1)[i].time - tick;
    if (i >= input.length)
      result.seconds.push_back(took.count());
    else
      *sum = 0;
  }
  result.sum = *sum;
  return result;
}

} // namespace caf_stream::bench
