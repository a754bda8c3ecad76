#include "baseline_word_count.hpp"
#include "bench_case.hpp"
#include "cut_at_lines.hpp"
#include "ours_word_count.hpp"
#include "statistics.hpp"
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
  paired_rates tuned_rates, naive_rates, tuning;
  std::vector<double> one_pass_rates;
  for (unsigned i = 0; i < options.rounds; ++i) {
    auto ours = ours_word_count(batches, options.workers);
    auto tuned = tuned_word_count(batches, options.workers);
    auto naive = naive_word_count(batches, options.workers);
    auto one_pass = tuned_word_count({text}, options.workers);
    require_same(ours.tally, tuned.tally, "words of the tuned baseline");
    require_same(ours.tally, naive.tally, "words of the naive baseline");
    require_same(one_pass.tally.total, tuned.tally.total, "words of one pass");
    tuned_rates.add(million_lines / ours.seconds, million_lines / tuned.seconds);
    naive_rates.add(million_lines / ours.seconds, million_lines / naive.seconds);
    tuning.add(million_lines / tuned.seconds, million_lines / naive.seconds);
    one_pass_rates.push_back(million_lines / one_pass.seconds);
  }
  auto tuned_by_naive = tuning.summary("", "", 0, "", least_tuning);
  std::ostringstream note;
  note << "word_count: the tuned baseline is " << tuned_by_naive.ratio
       << " x the naive one; in one pass over the whole text it reaches " << median(one_pass_rates)
       << " Mlines/s";
  // On small data the tables dominate, not the words.
  if (!options.quick && !tuned_by_naive.met())
    throw failure{"the baseline is unsound: " + note.str()};
  results.note(note.str());
  results.add(tuned_rates.summary("word_count", "tuned", options.workers, "Mlines/s", 1.0));
  results.add(naive_rates.summary("word_count", "naive", options.workers, "Mlines/s", 2.0));
}

[[maybe_unused]] const bool registered = register_case({"word_count", run});

} // namespace

} // namespace caf_stream::bench
