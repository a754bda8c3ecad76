#include "baseline_window.hpp"

#include "own_keys.hpp"
#include "parallel.hpp"
#include "stopwatch.hpp"

#include <absl/container/flat_hash_map.h>

#include <deque>
#include <unordered_map>

namespace caf_stream::bench {

namespace {

using table = absl::flat_hash_map<std::int64_t, std::int64_t>;

void count_own(const std::vector<window_record>& batch, std::int64_t sign, table& counts,
               unsigned mine, unsigned threads) {
  for_own(batch, mine, threads, [&](const window_record* own, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i)
      counts.prefetch(own[i].first);
    for (std::size_t i = 0; i < n; ++i)
      counts[own[i].first] += sign * own[i].second;
  });
}

template <class Table>
std::int64_t weigh_all(const Table& counts) {
  std::int64_t sum = 0;
  for (auto& [key, count] : counts)
    sum += weigh(key, count);
  return sum;
}

/// Runs `slide(number, thread)`, which gives the window's sum, for each slide.
template <class Slide>
window_run run_slides(const window_input& input, unsigned threads, Slide slide) {
  window_run result;
  for (std::size_t i = 0; i < input.slides(); ++i) {
    std::vector<std::int64_t> sums(threads);
    stopwatch watch;
    in_parallel(threads, [&](unsigned mine) { sums[mine] = slide(i, mine); });
    if (i < input.length)
      continue;
    result.seconds.push_back(watch.seconds());
    for (auto sum : sums)
      result.sum += sum;
  }
  return result;
}

} // namespace

window_run tuned_window(const window_input& input, window_form form, unsigned threads) {
  std::vector<table> totals(threads);
  std::vector<std::deque<table>> panes(threads);
  return run_slides(input, threads, [&](std::size_t i, unsigned mine) {
    if (form == window_form::with_inverse) {
      if (i >= input.length)
        count_own(input.batch(i - input.length), -1, totals[mine], mine, threads);
      count_own(input.batch(i), 1, totals[mine], mine, threads);
      return weigh_all(totals[mine]);
    }
    auto& own = panes[mine];
    count_own(input.batch(i), 1, own.emplace_back(), mine, threads);
    if (own.size() > input.length)
      own.pop_front();
    table all;
    for (auto& pane : own)
      for (auto& [key, count] : pane)
        all[key] += count;
    return weigh_all(all);
  });
}

window_run naive_window(const window_input& input, unsigned threads) {
  return run_slides(input, threads, [&](std::size_t i, unsigned mine) {
    std::unordered_map<std::int64_t, std::int64_t> counts;
    if (i >= input.length)
      for (auto k = i + 1 - input.length; k <= i; ++k)
        for (auto& [key, count] : input.batch(k))
          if (owner_of(key, threads) == mine)
            counts[key] += count;
    return weigh_all(counts);
  });
}

} // namespace caf_stream::bench
