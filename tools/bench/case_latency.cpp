#include "bench_case.hpp"
#include "ours_latency.hpp"
#include "record_sender.hpp"
#include "statistics.hpp"

#include <algorithm>
#include <sstream>

namespace caf_stream::bench {

namespace {

constexpr double p50_limit = 12; // milliseconds
constexpr double p99_limit = 20;

/// The first records find threads that were never run.
constexpr std::size_t warm_up = 50;

/// Milliseconds from `write()` to the output function, for each record but the first.
std::vector<double> measure(std::size_t records, unsigned workers) {
  record_sender sender{records};
  auto arrivals = ours_arrivals(sender.port(), records, workers);
  std::vector<std::size_t> sent(records), received;
  std::vector<double> delays;
  for (std::size_t i = 0; i < records; ++i)
    sent[i] = i;
  for (auto& each : arrivals)
    received.push_back(each.number);
  std::sort(received.begin(), received.end());
  require_same(received, sent, "records received and sent");
  for (auto& each : arrivals) {
    std::chrono::duration<double, std::milli> delay = each.time - sender.times()[each.number];
    if (each.number >= warm_up)
      delays.push_back(delay.count());
  }
  return delays;
}

void run(const bench_options& options, report& results) {
  auto records = (options.quick ? 200 : 10'000) / options.rounds + warm_up;
  std::vector<double> delays;
  for (unsigned i = 0; i < options.rounds; ++i) {
    auto more = measure(records, options.workers);
    delays.insert(delays.end(), more.begin(), more.end());
  }
  auto p50 = median(delays);
  auto p99 = quantile(delays, 0.99);
  results.add({"latency", "p50", options.workers, p50, p50_limit, "ms", p50_limit / p50, 1.0});
  results.add({"latency", "p99", options.workers, p99, p99_limit, "ms", p99_limit / p99, 1.0});
  std::ostringstream note;
  note << "latency: the slowest record took " << quantile(delays, 1.0) << " ms";
  results.note(note.str());
}

[[maybe_unused]] const bool registered = register_case({"latency", run});

} // namespace

} // namespace caf_stream::bench
