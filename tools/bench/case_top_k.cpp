#include "baseline_top_k.hpp"
#include "bench_case.hpp"
#include "cut_at_lines.hpp"
#include "ours_top_k.hpp"
#include "text_maker.hpp"

#include <algorithm>

namespace caf_stream::bench {

namespace {

constexpr std::size_t batch_count = 20;

void run(const bench_options& options, report& results) {
  auto text = make_text(options.quick ? 8'000'000 : 400'000'000);
  auto batches = cut_at_lines(text, batch_count);
  auto million_lines = static_cast<double>(std::count(text.begin(), text.end(), '\n')) / 1e6;
  paired_rates rates, tuning;
  for (unsigned i = 0; i < options.rounds; ++i) {
    auto ours = ours_top_k(batches, options.workers);
    auto tuned = tuned_top_k(batches, options.workers);
    auto naive = naive_top_k(batches, options.workers);
    require_same(ours.top, tuned.top, "most frequent words of the tuned baseline");
    require_same(ours.top, naive.top, "most frequent words of the naive baseline");
    rates.add(million_lines / ours.seconds, million_lines / tuned.seconds);
    tuning.add(million_lines / tuned.seconds, million_lines / naive.seconds);
  }
  check_tuning(tuning, "top_k", options, results);
  results.add(rates.summary("top_k", "tuned", options.workers, "Mlines/s", 0.9));
}

[[maybe_unused]] const bool registered = register_case({"top_k", run});

} // namespace

} // namespace caf_stream::bench
