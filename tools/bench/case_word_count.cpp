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
  check_tuning(tuning, "word_count", options, results);
  std::ostringstream note;
  note << "word_count: in one pass over the whole text the tuned baseline reaches "
       << median(one_pass_rates) << " Mlines/s";
  results.note(note.str());
  results.add(tuned_rates.summary("word_count", "tuned", options.workers, "Mlines/s", 1.0));
  results.add(naive_rates.summary("word_count", "naive", options.workers, "Mlines/s", 2.0));
}

[[maybe_unused]] const bool registered = register_case({"word_count", run});

} // namespace

} // namespace caf_stream::bench
