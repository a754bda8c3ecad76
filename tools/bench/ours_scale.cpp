#include "ours_scale.hpp"

#include "process_memory.hpp"
#include "stepped_context.hpp"
#include "stopwatch.hpp"

#include <caf_stream/testing.hpp>

#include <atomic>
#include <functional>
#include <numeric>

namespace caf_stream::bench {

operators_run ours_operators(std::size_t operators, std::size_t records, std::size_t batches,
                             unsigned workers) {
  stepped_context context{workers};
  rdd_queue<std::int64_t> queue;
  auto numbers = context.stream().queue_stream(queue);
  for (std::size_t i = 0; i < operators; ++i)
    numbers = numbers.map([](std::int64_t x) { return x + 1; });
  auto sum = std::make_shared<std::atomic<std::int64_t>>(0);
  numbers.foreach_partition([sum](auto&& all) {
    std::int64_t of_partition = 0;
    for (auto x : all)
      of_partition += x;
    *sum += of_partition;
  });
  std::vector<std::int64_t> values(records);
  std::iota(values.begin(), values.end(), 0);
  auto batch = context.stream().make_rdd(std::move(values));
  context.stream().start();
  operators_run result;
  for (std::size_t i = 0; i < batches; ++i) {
    queue.push(batch);
    result.seconds += context.step();
  }
  result.sum = *sum;
  return result;
}

ticks_run ours_empty_ticks(std::size_t ticks, unsigned workers) {
  testing::batch_driver driver{{.workers = workers, .partitions = workers}};
  auto total = [](std::span<const long> counts, std::optional<long> before) {
    return std::optional{std::accumulate(counts.begin(), counts.end(), before.value_or(0))};
  };
  rdd_queue<std::string> nothing;
  driver.context()
    .queue_stream(nothing)
    .flat_map(split_words)
    .map([](std::string word) {
      return std::pair{std::move(word), 1L};
    })
    .reduce_by_key_and_window(std::plus{}, std::minus{}, std::chrono::seconds{30})
    .update_state_by_key(total)
    .foreach_partition([](auto&& words) {
      for (auto&& x : words)
        static_cast<void>(x);
    });
  auto seconds_of = [&](std::size_t n) {
    stopwatch watch;
    driver.run(n);
    return watch.seconds();
  };
  const auto tenth = ticks / 10;
  driver.run(tenth / 10);
  ticks_run result;
  result.first_seconds = seconds_of(tenth);
  result.first_kib = process_memory("VmRSS");
  driver.run(ticks - 2 * tenth);
  result.last_seconds = seconds_of(tenth);
  result.last_kib = process_memory("VmRSS");
  return result;
}

} // namespace caf_stream::bench
