#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "caf_stream/streaming_context.hpp"

// Operators as random chains use them: each takes a stream of pairs of small numbers and gives one,
// beside a plain fold over all batches that does the same. The order of records within a batch is
// not part of the answer.

namespace caf_stream::test {

using record = std::pair<int, int>;
using records = std::vector<record>;
using batches = std::vector<records>;
using stream = dstream<record>;

struct operation {
  std::vector<std::string> names; ///< of the operators that it draws
  std::function<stream(const stream&, int n)> run;
  std::function<batches(const batches&, int n)> plain;
};

/// `n` of an operation is from 0 to this.
inline constexpr int largest_n = 3;

/// A plain operation that looks at one batch at a time.
template <class F>
std::function<batches(const batches&, int)> each_batch(F f) {
  return [f](const batches& all, int n) {
    batches result;
    for (auto& one : all)
      result.push_back(f(one, n));
    return result;
  };
}

inline std::map<int, std::vector<int>> groups_of(const records& all) {
  std::map<int, std::vector<int>> result;
  for (auto& [key, value] : all)
    result[key].push_back(value);
  return result;
}

inline int sum_of(const std::vector<int>& values) {
  int sum = 0;
  for (int x : values)
    sum += x;
  return sum;
}

inline records sums_of(const records& all) {
  records result;
  for (auto& [key, values] : groups_of(all))
    result.emplace_back(key, sum_of(values));
  return result;
}

inline records distinct_of(records all) {
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

/// The first batch of a stream is 1, however it slides.
inline long batch_number(batch_time t, duration slide) { return to_millis(t) / slide.count(); }

/// Small numbers stay small, so that chains do not overflow.
inline int small(long x) { return static_cast<int>(((x % 97) + 97) % 97); }

std::vector<operation> operations_on_records();
std::vector<operation> operations_on_pairs();
std::vector<operation> operations_on_batches();
std::vector<operation> operations_on_windows();
std::vector<operation> operations_on_states();

} // namespace caf_stream::test
