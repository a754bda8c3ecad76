#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

// Time comes in two types: a `duration` in milliseconds and a `batch_time`, a point on the wall
// clock in milliseconds. Batch times are multiples of the batch interval.

namespace caf_stream {

using duration = std::chrono::milliseconds;
using batch_time = std::chrono::sys_time<duration>;

/// Milliseconds since the epoch, the form in which batch times are printed and named.
constexpr std::int64_t to_millis(batch_time t) noexcept { return t.time_since_epoch().count(); }

constexpr batch_time from_millis(std::int64_t ms) noexcept { return batch_time{duration{ms}}; }

constexpr bool is_multiple_of(duration d, duration of) noexcept {
  return of.count() != 0 && d.count() % of.count() == 0;
}

/// The latest time `zero + n * step`, for whole n, that is not after `t`. Requires t >= zero.
constexpr batch_time floor_to(batch_time t, duration step, batch_time zero = batch_time{}) {
  return zero + ((t - zero) / step) * step;
}

/// The first multiple of `step` after `t`.
constexpr batch_time next_multiple(batch_time t, duration step) { return floor_to(t, step) + step; }

/// All times from `first` in steps of `step`, without `end`.
inline std::vector<batch_time> times_until(batch_time first, batch_time end, duration step) {
  std::vector<batch_time> result;
  for (auto t = first; t < end; t += step)
    result.push_back(t);
  return result;
}

/// All times from `first` in steps of `step`, with `last` when a step lands on it.
inline std::vector<batch_time> times_to(batch_time first, batch_time last, duration step) {
  return times_until(first, last + duration{1}, step);
}

} // namespace caf_stream
