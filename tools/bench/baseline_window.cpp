#include "baseline_window.hpp"

#include "parallel.hpp"
#include "stopwatch.hpp"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <array>
#include <deque>
#include <unordered_map>

namespace caf_stream::bench {

namespace {

using table = absl::flat_hash_map<std::int64_t, std::int64_t>;

// A multiplication spreads the keys over the threads.
unsigned owner_of(std::int64_t key, unsigned threads) {
  auto hash = static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15u;
  return static_cast<unsigned>(((hash >> 32) * threads) >> 32);
}

/// How many records are looked for in memory before they are counted.
constexpr std::size_t ahead = 64;

// Takes out what is a thread's own without a branch, which would be guessed wrong half of the time.
void count_own(const std::vector<window_record>& batch, std::int64_t sign, table& counts,
               unsigned mine, unsigned threads) {
  std::array<window_record, ahead + 1> own;
  std::size_t n = 0;
  auto count = [&] {
    for (std::size_t i = 0; i < n; ++i)
      counts.prefetch(own[i].first);
    for (std::size_t i = 0; i < n; ++i)
      counts[own[i].first] += sign * own[i].second;
    n = 0;
  };
  for (auto& record : batch) {
    own[n] = record;
    n += owner_of(record.first, threads) == mine ? 1 : 0;
    if (n == ahead)
      count();
  }
  count();
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
