#include "ours_latency.hpp"

#include "bench_context.hpp"

#include <mutex>
#include <string>

namespace caf_stream::bench {

namespace {

constexpr duration interval{10};

struct shared_arrivals {
  std::mutex mutex;
  std::vector<arrival> all;
};

} // namespace

std::vector<arrival> ours_arrivals(std::uint16_t port, std::size_t records, unsigned workers) {
  auto arrivals = std::make_shared<shared_arrivals>();
  bench_context context{interval, workers};
  context.stream()
    .socket_text_stream("127.0.0.1", port, storage_level::memory_only)
    .foreach_partition([arrivals](auto&& lines, const output_id&) {
      auto now = std::chrono::steady_clock::now();
      std::lock_guard lock{arrivals->mutex};
      for (auto line : lines)
        arrivals->all.push_back({std::stoul(std::string{line}), now});
    });
  context.stream().start();
  for (std::size_t batches = 1;; ++batches) {
    context.watch().wait_for(batches);
    std::lock_guard lock{arrivals->mutex};
    if (arrivals->all.size() >= records)
      return arrivals->all;
  }
}

} // namespace caf_stream::bench
