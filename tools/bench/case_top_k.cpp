#include "baseline_top_k.hpp"
#include "bench_case.hpp"
#include "cut_at_lines.hpp"
#include "ours_top_k.hpp"
#include "text_maker.hpp"

#include <algorithm>
#include <sstream>

namespace caf_stream::bench {

namespace {

constexpr std::size_t batch_count = 20;

/// A tuned baseline that is not faster than this times the naive one is no yardstick.
constexpr double least_tuning = 1.7;

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
  auto tuned_by_naive = tuning.summary("", "", 0, "", least_tuning);
  std::ostringstream note;
  note << "top_k: the tuned baseline is " << tuned_by_naive.ratio << " x the naive one";
  // On small data the tables dominate, not the words.
  if (!options.quick && !tuned_by_naive.met())
    throw failure{"the baseline is unsound: " + note.str()};
  results.note(note.str());
  results.add(rates.summary("top_k", "tuned", options.workers, "Mlines/s", 0.9));
}

[[maybe_unused]] const bool registered = register_case({"top_k", run});

} // namespace

} // namespace caf_stream::bench
