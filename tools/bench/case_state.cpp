#include "baseline_state.hpp"
#include "bench_case.hpp"
#include "key_number.hpp"
#include "ours_state.hpp"
#include "random.hpp"

#include <sstream>

namespace caf_stream::bench {

namespace {

constexpr std::size_t batch_count = 20;

state_batches make_batches(std::size_t keys, std::size_t updates) {
  random_source random{1};
  state_batches result(batch_count + 1);
  for (std::size_t key = 0; key < keys; ++key)
    result[0].emplace_back(key_number(key), 1);
  for (std::size_t i = 1; i < result.size(); ++i)
    for (std::size_t n = 0; n < updates; ++n)
      result[i].emplace_back(key_number(random.below(keys)), 1);
  return result;
}

struct variant {
  std::string name;
  std::size_t keys;
  state_output output;
  double goal;
  bool with_naive; ///< copying so many states in each batch would take minutes
};

void measure(const bench_options& options, report& results, const variant& v) {
  const std::size_t updates = options.quick ? 10'000 : 1'000'000;
  auto batches = make_batches(options.quick ? v.keys / 100 : v.keys, updates);
  auto million_updates = static_cast<double>(batch_count * updates) / 1e6;
  paired_rates rates, tuning;
  std::uint64_t bytes = 0;
  for (unsigned i = 0; i < options.rounds; ++i) {
    auto ours = ours_state(batches, v.output, options.workers);
    auto tuned = tuned_state(batches, v.output, options.workers);
    require_same(ours.sum, tuned.sum, "states of the tuned baseline");
    rates.add(million_updates / ours.seconds, million_updates / tuned.seconds);
    bytes = ours.bytes;
    if (!v.with_naive)
      continue;
    auto naive = naive_state(batches, v.output, options.workers);
    require_same(ours.sum, naive.sum, "states of the naive baseline");
    tuning.add(million_updates / tuned.seconds, million_updates / naive.seconds);
  }
  std::ostringstream note;
  note << "state, " << v.name << ": " << bytes / batches[0].size()
       << " bytes a key, with the account of the last batch";
  results.note(note.str());
  if (v.with_naive)
    check_tuning(tuning, "state, " + v.name, options, results);
  results.add(rates.summary("state", v.name, options.workers, "Mupdates/s", v.goal));
}

void run(const bench_options& options, report& results) {
  constexpr std::size_t million = 1'000'000;
  using enum state_output;
  for (auto& v : {variant{"map 1M keys", million, of_each_update, 0.7, true},
                  variant{"map 10M keys", 10 * million, of_each_update, 0.7, false},
                  variant{"update 1M keys", million, of_each_key, 0.5, true},
                  variant{"update 10M keys", 10 * million, of_each_key, 0.5, false}})
    measure(options, results, v);
}

[[maybe_unused]] const bool registered = register_case({"state", run});

} // namespace

} // namespace caf_stream::bench
