#include "caf_stream/batch/delay_watch.hpp"

#include <algorithm>

namespace caf_stream::batch {

delay_watch::delay_watch(duration interval, std::size_t highs)
  : interval_(interval), highs_wanted_(highs) {}

delay_watch::change delay_watch::on_batch(batch_time t, duration total_delay) {
  if (rising_) {
    if (total_delay > std::max(interval_, low_ + interval_ / 2))
      return change::none;
    rising_ = false;
    begin(t, total_delay);
    return change::recovered;
  }
  if (!begun_ || total_delay <= low_ + (high_ - low_) / 2) {
    begin(t, total_delay);
    return change::none;
  }
  if (total_delay <= high_)
    return change::none;
  high_ = total_delay;
  if (++highs_ < highs_wanted_ || high_ - low_ <= interval_)
    return change::none;
  rising_ = true;
  return change::rising;
}

void delay_watch::begin(batch_time t, duration delay) {
  begun_ = true;
  since_ = t;
  low_ = high_ = delay;
  highs_ = 0;
}

} // namespace caf_stream::batch
