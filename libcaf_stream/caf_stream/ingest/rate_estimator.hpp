#pragma once

#include <cstdint>
#include <optional>

#include "caf_stream/base/time.hpp"

// At what rate a stream may take records in, so that batches end before the next ones are due.
// After each batch a controller compares the rate in force with how fast the batch was processed
// (its error), and with what piled up meanwhile (what was processed while the batch waited). The
// algorithm is that of Spark Streaming's PIDRateEstimator:
//
//   new rate = latest rate - proportional * error - integral * backlog - derived * change of error

namespace caf_stream::ingest {

struct rate_estimator_options {
  duration batch_interval{1000}; ///< positive
  double proportional = 1.0;     ///< weight of the error; not below 0, as the other weights
  double integral = 0.2;         ///< weight of the backlog: how soon it is to be worked off
  double derived = 0.0;          ///< weight of the error's change
  double min_rate = 100;         ///< records a second, the least estimate; positive
};

/// For one stream. Pure; used by one thread.
class rate_estimator {
public:
  /// Throws errc::invalid_setting when an option is out of range.
  explicit rate_estimator(const rate_estimator_options& options);

  /// A batch with `records` of the stream ended at `end`; it ran for `processing_delay` after it
  /// had waited for `scheduling_delay`. Returns the new rate, in records a second. Nothing for the
  /// first batch, which only tells how fast batches are, and for one that tells nothing: without
  /// records, without a measurable delay, or ended no later than one before.
  std::optional<double> compute(batch_time end, std::int64_t records, duration processing_delay,
                                duration scheduling_delay);

private:
  struct estimate {
    batch_time at{};
    double rate = 0;
    double error = 0;
  };

  rate_estimator_options options_;
  std::optional<estimate> latest_;
};

} // namespace caf_stream::ingest
