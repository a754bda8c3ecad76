#include "baseline_state.hpp"

#include "parallel.hpp"
#include "stopwatch.hpp"

#include <absl/container/flat_hash_map.h>

#include <array>
#include <type_traits>
#include <unordered_map>
#include <utility>

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

/// How many updates are looked for in memory before they are made.
constexpr std::size_t ahead = 64;

// Takes out what is a thread's own without a branch, which would be guessed wrong half of the time.
template <class F>
void for_own(const std::vector<state_update>& batch, unsigned mine, unsigned threads, F f) {
  std::array<state_update, ahead + 1> own;
  std::size_t n = 0;
  for (auto& update : batch) {
    own[n] = update;
    n += owner_of(update.first, threads) == mine ? 1 : 0;
    if (n == ahead)
      f(own.data(), std::exchange(n, 0));
  }
  f(own.data(), n);
}

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
