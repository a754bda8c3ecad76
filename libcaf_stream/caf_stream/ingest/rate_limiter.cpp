#include "caf_stream/ingest/rate_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace caf_stream::ingest {

namespace {

constexpr double kept_seconds = 0.05;

// Rounding must not keep a record waiting for a billionth of a token.
constexpr double tolerance = 1e-6;

} // namespace

rate_limiter::rate_limiter(std::optional<double> max_rate, std::optional<double> initial_rate)
  : max_rate_(max_rate && *max_rate > 0 ? max_rate : std::nullopt), limited_(false) {
  if (initial_rate && *initial_rate > 0)
    update(*initial_rate);
  else if (max_rate_)
    update(*max_rate_);
}

void rate_limiter::update(double rate) {
  if (!(rate > 0))
    return;
  std::lock_guard guard{mutex_};
  rate_ = capped(rate);
  tokens_ = std::min(tokens_, capacity());
  limited_ = true;
}

std::optional<double> rate_limiter::rate() const {
  if (!limited_)
    return std::nullopt;
  std::lock_guard guard{mutex_};
  return rate_;
}

std::chrono::nanoseconds rate_limiter::try_take(std::uint64_t n, time_point now) {
  if (!limited_)
    return {};
  std::lock_guard guard{mutex_};
  if (filled_at_ && now > *filled_at_) {
    std::chrono::duration<double> passed = now - *filled_at_;
    tokens_ = std::min(capacity(), tokens_ + passed.count() * rate_);
  }
  if (!filled_at_ || now > *filled_at_)
    filled_at_ = now;
  auto wanted = static_cast<double>(n);
  auto missing = std::min(wanted, capacity()) - tokens_;
  if (missing <= tolerance) {
    tokens_ -= wanted;
    return {};
  }
  // A rate next to nothing must not overflow the time; who waits asks again.
  auto seconds = std::min(missing / rate_, 3600.0);
  return std::chrono::nanoseconds{static_cast<std::int64_t>(std::ceil(seconds * 1e9))};
}

std::uint64_t rate_limiter::portion() const {
  if (!limited_)
    return UINT64_MAX;
  std::lock_guard guard{mutex_};
  return static_cast<std::uint64_t>(capacity());
}

double rate_limiter::capacity() const noexcept { return std::max(1.0, rate_ * kept_seconds); }

double rate_limiter::capped(double rate) const noexcept {
  return max_rate_ ? std::min(rate, *max_rate_) : rate;
}

} // namespace caf_stream::ingest
