#include "baseline_state.hpp"

#include "own_keys.hpp"
#include "parallel.hpp"
#include "stopwatch.hpp"

#include <absl/container/flat_hash_map.h>

#include <type_traits>
#include <unordered_map>

namespace caf_stream::bench {

namespace {

using tuned_table = absl::flat_hash_map<std::int64_t, std::int64_t>;
using naive_table = std::unordered_map<std::int64_t, std::int64_t>;

/// What becomes of the state of the batch before.
enum class keeping { in_place, copied };

template <class Table>
std::int64_t run_batch(const std::vector<state_update>& batch, state_output output, Table& states,
                       unsigned mine, unsigned threads) {
  std::int64_t sum = 0;
  for_own(batch, mine, threads, [&](const state_update* own, std::size_t n) {
    if constexpr (std::is_same_v<Table, tuned_table>)
      for (std::size_t i = 0; i < n; ++i)
        states.prefetch(own[i].first);
    for (std::size_t i = 0; i < n; ++i) {
      auto after = states[own[i].first] += own[i].second;
      if (output == state_output::of_each_update)
        sum += after;
    }
  });
  if (output == state_output::of_each_key)
    for (auto& [key, state] : states)
      sum += state;
  return sum;
}

template <class Table>
state_run run_batches(const state_batches& batches, state_output output, unsigned threads,
                      keeping states) {
  std::vector<Table> tables(threads);
  state_run result;
  for (auto& batch : batches) {
    std::vector<std::int64_t> sums(threads);
    stopwatch watch;
    in_parallel(threads, [&](unsigned i) {
      if (states == keeping::copied)
        tables[i] = Table(tables[i]);
      sums[i] = run_batch(batch, output, tables[i], i, threads);
    });
    if (&batch == &batches.front())
      continue;
    result.seconds += watch.seconds();
    for (auto sum : sums)
      result.sum += sum;
  }
  return result;
}

} // namespace

state_run tuned_state(const state_batches& batches, state_output output, unsigned threads) {
  return run_batches<tuned_table>(batches, output, threads, keeping::in_place);
}

state_run naive_state(const state_batches& batches, state_output output, unsigned threads) {
  return run_batches<naive_table>(batches, output, threads, keeping::copied);
}

} // namespace caf_stream::bench
