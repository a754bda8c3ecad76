#include "baseline_state.hpp"
#include "bench_case.hpp"
#include "ours_state.hpp"
#include "random.hpp"

#include <sstream>

namespace caf_stream::bench {

namespace {

constexpr std::size_t batch_count = 20;

/// A tuned baseline that is not faster than this times the naive one is no yardstick.
constexpr double least_tuning = 1.7;

state_batches make_batches(std::size_t keys, std::size_t updates) {
  random_source random{1};
  state_batches result(batch_count + 1);
  for (std::size_t key = 0; key < keys; ++key)
    result[0].emplace_back(static_cast<std::int64_t>(key), 1);
  for (std::size_t i = 1; i < result.size(); ++i)
    for (std::size_t n = 0; n < updates; ++n)
      result[i].emplace_back(static_cast<std::int64_t>(random.below(keys)), 1);
  return result;
}

void measure(const bench_options& options, report& results, const std::string& variant,
             std::size_t keys, state_output output, double goal) {
  const std::size_t updates = options.quick ? 10'000 : 1'000'000;
  auto batches = make_batches(options.quick ? keys / 100 : keys, updates);
  auto million_updates = static_cast<double>(batch_count * updates) / 1e6;
  paired_rates rates, tuning;
  std::uint64_t bytes = 0;
  for (unsigned i = 0; i < options.rounds; ++i) {
    auto ours = ours_state(batches, output, options.workers);
    auto tuned = tuned_state(batches, output, options.workers);
    auto naive = naive_state(batches, output, options.workers);
    require_same(ours.sum, tuned.sum, "states of the tuned baseline");
    require_same(ours.sum, naive.sum, "states of the naive baseline");
    rates.add(million_updates / ours.seconds, million_updates / tuned.seconds);
    tuning.add(million_updates / tuned.seconds, million_updates / naive.seconds);
    bytes = ours.bytes;
  }
  auto tuned_by_naive = tuning.summary("", "", 0, "", least_tuning);
  std::ostringstream note;
  note << "state, " << variant << ": " << bytes / batches[0].size()
       << " bytes a key with the last batch's account; the tuned baseline is "
       << tuned_by_naive.ratio << " x the naive one";
  if (!options.quick && !tuned_by_naive.met())
    throw failure{"the baseline is unsound: " + note.str()};
  results.note(note.str());
  results.add(rates.summary("state", variant, options.workers, "Mupdates/s", goal));
}

void run(const bench_options& options, report& results) {
  measure(options, results, "map 1M keys", 1'000'000, state_output::of_each_update, 0.7);
  measure(options, results, "map 10M keys", 10'000'000, state_output::of_each_update, 0.7);
  measure(options, results, "update 1M keys", 1'000'000, state_output::of_each_key, 0.5);
  measure(options, results, "update 10M keys", 10'000'000, state_output::of_each_key, 0.5);
}

[[maybe_unused]] const bool registered = register_case({"state", run});

} // namespace

} // namespace caf_stream::bench
