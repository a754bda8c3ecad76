#include "baseline_tick.hpp"
#include "bench_case.hpp"
#include "ours_tick.hpp"
#include "statistics.hpp"

#include <algorithm>
#include <sstream>

namespace caf_stream::bench {

namespace {

using std::chrono::milliseconds;

/// The first batches find cold caches and threads that were never run; they are not what a
/// long-lived program sees.
constexpr std::size_t warm_up = 10;
constexpr milliseconds usual_interval{10};
constexpr milliseconds short_interval{1};
constexpr double p99_limit = 1000; // microseconds

tick_delays warm(tick_delays delays) {
  delays.erase(delays.begin(), delays.begin() + warm_up);
  return delays;
}

void append(tick_delays& all, const tick_delays& more) {
  all.insert(all.end(), more.begin(), more.end());
}

/// Batches of 10 ms: the median against bare CAF, the 99th percentile against a limit.
void run_usual(std::size_t batches, const bench_options& options, report& results) {
  tick_delays all_ours, all_bare;
  std::vector<double> ratios;
  auto ticks = std::max<std::size_t>(batches / options.rounds, 1) + warm_up;
  for (unsigned i = 0; i < options.rounds; ++i) {
    auto ours = warm(ours_ticks(ticks, usual_interval, options.workers));
    auto bare = warm(bare_caf_ticks(ticks, usual_interval, options.workers));
    require_same(ours.size(), bare.size(), "batches completed");
    ratios.push_back(median(bare) / median(ours));
    append(all_ours, ours);
    append(all_bare, bare);
  }
  results.add({"tick", "median", options.workers, median(all_ours), median(all_bare), "us",
               median(ratios), 1.0 / 3});
  auto p99 = quantile(all_ours, 0.99);
  results.add({"tick", "p99", options.workers, p99, p99_limit, "us", p99_limit / p99, 1.0});
  std::ostringstream note;
  note << "tick: p99 of bare CAF " << quantile(all_bare, 0.99) << " us; the longest of ours "
       << quantile(all_ours, 1.0) << " us, of bare CAF " << quantile(all_bare, 1.0) << " us";
  results.note(note.str());
}

/// Batches of 1 ms: the last quarter of them is no later than the first.
void run_short(std::size_t batches, const bench_options& options, report& results) {
  auto delays = warm(ours_ticks(batches + warm_up, short_interval, options.workers));
  auto quarter = static_cast<std::ptrdiff_t>(delays.size() / 4);
  auto first = median({delays.begin(), delays.begin() + quarter});
  auto last = median({delays.end() - quarter, delays.end()});
  results.add({"tick", "1ms_growth", options.workers, last, first, "us", first / last, 0.5});
}

void run(const bench_options& options, report& results) {
  std::size_t batches = options.quick ? 200 : 10'000;
  run_usual(batches, options, results);
  run_short(batches, options, results);
}

[[maybe_unused]] const bool registered = register_case({"tick", run});

} // namespace

} // namespace caf_stream::bench
