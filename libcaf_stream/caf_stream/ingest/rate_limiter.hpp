#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>

// How many records a second a receiver may store: a token bucket. Tokens arrive evenly, each lets
// one record pass, and what arrives while nobody asks is kept for a twentieth of a second at most.
// So records pass evenly too, and what a late wake-up missed is made up for.

namespace caf_stream::ingest {

/// Thread-safe. Takes the time as an argument, which never goes back.
class rate_limiter {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Rates are records a second. Without a maximum and an initial rate everything passes, until an
  /// update. The initial rate is capped at the maximum, which is also its default.
  explicit rate_limiter(std::optional<double> max_rate = std::nullopt,
                        std::optional<double> initial_rate = std::nullopt);

  /// Sets the rate, at most the maximum. A rate that is not positive is ignored.
  void update(double rate);

  /// The rate in force; nothing when there is no limit.
  std::optional<double> rate() const;

  /// Zero: `n` records may pass and are counted. Otherwise nothing is counted, and asking again is
  /// worth while after the time returned. More records than the bucket holds pass when it is full,
  /// and the following ones wait the longer for it.
  std::chrono::nanoseconds try_take(std::uint64_t n, time_point now);

  /// How many records to ask for at once, at most, so that they pass evenly.
  std::uint64_t portion() const;

private:
  double capacity() const noexcept;
  double capped(double rate) const noexcept;

  const std::optional<double> max_rate_;
  std::atomic<bool> limited_; // spares the lock where there is no limit
  mutable std::mutex mutex_;
  double rate_ = 0;
  double tokens_ = 1; // negative: taken in advance
  std::optional<time_point> filled_at_;
};

} // namespace caf_stream::ingest
