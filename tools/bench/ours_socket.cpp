#include "ours_socket.hpp"

#include "bench_context.hpp"

#include <atomic>
#include <memory>

namespace caf_stream::bench {

namespace {

constexpr duration interval{20};

} // namespace

socket_run ours_read_lines(std::uint16_t port, std::int64_t lines, unsigned workers) {
  auto counted = std::make_shared<std::atomic<std::int64_t>>(0);
  bench_context context{interval, workers};
  context.stream()
    .socket_text_stream("127.0.0.1", port, storage_level::memory_only)
    .count()
    .foreach_partition([counted](auto&& records, const output_id&) {
      for (auto count : records)
        *counted += count;
    });
  context.stream().start();
  for (std::size_t batches = 1;; ++batches) {
    auto completed = context.watch().wait_for(batches);
    if (auto sum = counted->load(); sum >= lines)
      return {sum, completed.back().time};
  }
}

} // namespace caf_stream::bench
