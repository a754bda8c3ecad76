#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "caf_stream/base/time.hpp"
#include "caf_stream/ingest/backoff.hpp"

// Whether and when a receiver that ended is started again. Delays double from one failure to the
// next; a run that lasted as long as the longest delay was a good one and makes the next delay the
// first again. Too many restarts within a while, and the receiver is given up.

namespace caf_stream::ingest {

struct restart_options {
  duration first_delay{2'000};
  duration longest_delay{30'000};
  std::size_t max_restarts = 10; ///< within `window`; 0: never restarted
  duration window{60'000};
};

/// Pure but for its random source. Used by one thread.
class restart_policy {
public:
  restart_policy(restart_options options, random_source random);

  /// The receiver runs from `now` on.
  void started(batch_time now);

  /// The receiver ended and should run again. Returns how long to wait before, or nothing when it
  /// is to be given up. A delay that was asked for is taken as it is and leaves the doubling alone.
  std::optional<duration> ended(batch_time now, std::optional<duration> asked = std::nullopt);

  /// Restarts within the window that ends now.
  std::size_t recent_restarts() const noexcept { return restarts_.size(); }

private:
  restart_options options_;
  backoff delays_;
  std::optional<batch_time> started_;
  std::deque<batch_time> restarts_; // within the window
};

} // namespace caf_stream::ingest
