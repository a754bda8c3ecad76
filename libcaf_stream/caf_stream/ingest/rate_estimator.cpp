#include "caf_stream/ingest/rate_estimator.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include "caf_stream/base/error.hpp"

namespace caf_stream::ingest {

namespace {

using seconds = std::chrono::duration<double>;

void require(bool in_range, const std::string& what) {
  if (!in_range)
    throw error{errc::invalid_setting, "the estimator of rates needs " + what};
}

} // namespace

rate_estimator::rate_estimator(const rate_estimator_options& options) : options_(options) {
  require(options.batch_interval > duration{0}, "a positive batch interval");
  require(options.proportional >= 0, "a proportional weight that is not below 0");
  require(options.integral >= 0, "an integral weight that is not below 0");
  require(options.derived >= 0, "a derived weight that is not below 0");
  require(options.min_rate > 0, "a positive minimal rate");
}

std::optional<double> rate_estimator::compute(batch_time end, std::int64_t records,
                                              duration processing_delay,
                                              duration scheduling_delay) {
  if (records <= 0 || processing_delay <= duration{0} || (latest_ && end <= latest_->at))
    return std::nullopt;
  auto processing_rate = static_cast<double>(records) / seconds{processing_delay}.count();
  if (!latest_) {
    latest_ = estimate{end, processing_rate, 0};
    return std::nullopt;
  }
  auto error = latest_->rate - processing_rate;
  // Records that arrived while the batch waited, as a rate over one interval.
  auto backlog =
    seconds{scheduling_delay}.count() * processing_rate / seconds{options_.batch_interval}.count();
  auto change = (error - latest_->error) / seconds{end - latest_->at}.count();
  auto rate = latest_->rate - options_.proportional * error - options_.integral * backlog -
              options_.derived * change;
  // In this order a result that is no number is the least rate too.
  rate = std::max(options_.min_rate, rate);
  latest_ = estimate{end, rate, error};
  return rate;
}

} // namespace caf_stream::ingest
