#include "baseline_window.hpp"
#include "bench_case.hpp"
#include "key_number.hpp"
#include "ours_window.hpp"
#include "random.hpp"
#include "statistics.hpp"

#include <algorithm>
#include <numeric>

namespace caf_stream::bench {

namespace {

/// So many different batches, which come again in turn.
constexpr std::size_t different_batches = 10;

/// No slide takes longer than this times the median.
constexpr double most_of_median = 3.0;

window_input make_input(std::size_t keys, std::size_t records, std::size_t measured) {
  random_source random{1};
  window_input result;
  result.measured = measured;
  result.batches.resize(different_batches);
  for (auto& batch : result.batches)
    for (std::size_t i = 0; i < records; ++i)
      batch.emplace_back(key_number(random.below(keys)), 1);
  return result;
}

double total(const window_run& run) {
  return std::accumulate(run.seconds.begin(), run.seconds.end(), 0.0);
}

struct variant {
  std::string name;
  std::size_t keys;
  window_form form;
  double goal;
};

void measure(const bench_options& options, report& results, const variant& v) {
  const std::size_t records = options.quick ? 10'000 : 1'000'000;
  auto input = make_input(options.quick ? v.keys / 100 : v.keys, records, options.quick ? 3 : 20);
  auto millions = static_cast<double>(input.measured * records) / 1e6;
  paired_rates rates, tuning, evenness;
  for (unsigned i = 0; i < options.rounds; ++i) {
    auto ours = ours_window(input, v.form, options.workers);
    auto tuned = tuned_window(input, v.form, options.workers);
    require_same(ours.sum, tuned.sum, "counts of the tuned baseline");
    rates.add(millions / total(ours), millions / total(tuned));
    auto slides = ours.seconds;
    std::sort(slides.begin(), slides.end());
    evenness.add(1 / slides.back(), 1 / (most_of_median * slides[slides.size() / 2]));
    if (i != 0)
      continue; // it takes long
    auto few = input;
    few.measured = 2;
    auto naive = naive_window(few, options.workers);
    auto same = tuned_window(few, v.form, options.workers);
    require_same(same.sum, naive.sum, "counts of the naive baseline");
    tuning.add(1 / total(same), 1 / total(naive));
  }
  check_tuning(tuning, "window, " + v.name, options, results);
  results.add(rates.summary("window", v.name, options.workers, "Mrecords/s", v.goal));
  results.add(evenness.summary("window", v.name + ", slowest", options.workers, "slides/s", 1.0));
}

void run(const bench_options& options, report& results) {
  using enum window_form;
  for (auto& v : {variant{"inverse 10k keys", 10'000, with_inverse, 0.7},
                  variant{"inverse 1M keys", 1'000'000, with_inverse, 0.7},
                  variant{"combined 10k keys", 10'000, combined, 3},
                  variant{"combined 1M keys", 1'000'000, combined, 3}})
    measure(options, results, v);
}

[[maybe_unused]] const bool registered = register_case({"window", run});

} // namespace

} // namespace caf_stream::bench
