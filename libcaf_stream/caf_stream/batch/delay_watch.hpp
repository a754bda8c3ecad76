#pragma once

#include <cstddef>

#include "caf_stream/base/time.hpp"

// Tells a total delay that keeps rising from one that goes up and down. Batches that take longer
// than the time between them wait ever longer; one slow batch makes those behind it wait too, but
// ever less.
//
//   delay |            o  rising: a new high for the fifth time,
//         |         o     more than an interval above the low
//         |   o  o
//         |o                          o fallen by half of the way up: counted anew from here
//         +--------------------> batches

namespace caf_stream::batch {

/// Decides from the delay of one batch after the other. Said once, until the delay has recovered.
class delay_watch {
public:
  enum class change { none, rising, recovered };

  /// The delay rises when it has reached a new high `highs` times since it was lowest, and is more
  /// than `interval` above that. It has recovered when it is no longer than `interval`, or than
  /// half of one more than what it was before it rose.
  explicit delay_watch(duration interval, std::size_t highs = 5);

  /// The batch at `t` has ended.
  change on_batch(batch_time t, duration total_delay);

  /// The batch from which on the delay rose, or rises now.
  batch_time since() const noexcept { return since_; }

private:
  void begin(batch_time t, duration delay);

  duration interval_;
  std::size_t highs_wanted_;
  bool rising_ = false;
  bool begun_ = false;
  batch_time since_{}; // when the delay was lowest
  duration low_{};
  duration high_{};
  std::size_t highs_ = 0; // new ones since then
};

} // namespace caf_stream::batch
