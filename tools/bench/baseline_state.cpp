#include "baseline_state.hpp"

#include "parallel.hpp"
#include "stopwatch.hpp"

#include <absl/container/flat_hash_map.h>

#include <unordered_map>

namespace caf_stream::bench {

namespace {

using tuned_table = absl::flat_hash_map<std::int64_t, std::int64_t>;
using naive_table = std::unordered_map<std::int64_t, std::int64_t>;

/// What becomes of the state of the batch before.
enum class keeping { in_place, copied };

// A multiplication spreads the keys over the threads.
unsigned owner_of(std::int64_t key, unsigned threads) {
  auto hash = static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15u;
  return static_cast<unsigned>(((hash >> 32) * threads) >> 32);
}

template <class Table>
std::int64_t run_batch(const std::vector<state_update>& batch, state_output output, Table& states,
                       unsigned mine, unsigned threads) {
  std::int64_t sum = 0;
  for (auto& [key, value] : batch)
    if (owner_of(key, threads) == mine) {
      auto after = states[key] += value;
      if (output == state_output::of_each_update)
        sum += after;
    }
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
  auto states = output == state_output::of_each_key ? keeping::copied : keeping::in_place;
  return run_batches<naive_table>(batches, output, threads, states);
}

} // namespace caf_stream::bench
