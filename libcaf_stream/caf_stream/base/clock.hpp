#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "caf_stream/base/time.hpp"

// Where time comes from. Everything that needs the time is given it as an argument or asks a
// `clock`, so that tests move time by hand.

namespace caf_stream {

/// A source of wall-clock time. All members may be called from any thread.
class clock {
public:
  virtual ~clock();

  virtual batch_time now() const = 0;

  /// How long to wait, in real time, until the clock shows `t`; zero when it already does. A clock
  /// moved by hand answers nothing: who waits for it subscribes instead.
  virtual std::chrono::nanoseconds until(batch_time t) const = 0;

  /// True when time passes only through the program, so that waiting for it could last for ever.
  virtual bool is_manual() const noexcept = 0;

  /// Lets the clock show at least `t`: waits for it, or, with a clock moved by hand, moves it.
  virtual void reach(batch_time t) = 0;
};

/// The machine's wall clock, but it never goes back: when the wall clock is set back, this one goes
/// on at the pace of real time, ahead of it, until the wall clock has caught up or is set forward.
/// So batches neither stop nor repeat a time.
class system_clock final : public clock {
public:
  using wall_time = std::chrono::system_clock::time_point;
  using steady_time = std::chrono::steady_clock::time_point;

  system_clock();

  /// With other sources of time than the machine's, for tests.
  system_clock(std::function<wall_time()> wall, std::function<steady_time()> steady);

  batch_time now() const override;
  std::chrono::nanoseconds until(batch_time t) const override;
  bool is_manual() const noexcept override { return false; }
  void reach(batch_time t) override;

private:
  wall_time precise_now() const;

  const std::function<wall_time()> wall_;
  const std::function<steady_time()> steady_;
  mutable std::mutex mutex_;
  mutable wall_time last_{};
  mutable steady_time last_steady_{};
};

/// A clock that moves only when told to. Give it to a context in `settings` to test windows and
/// timeouts without waiting.
class manual_clock final : public clock {
public:
  explicit manual_clock(batch_time start = batch_time{});

  batch_time now() const override;
  std::chrono::nanoseconds until(batch_time t) const override;
  bool is_manual() const noexcept override { return true; }
  void reach(batch_time t) override;

  /// Moves the clock on by `d` >= 0 and tells the subscribers, in this thread.
  void advance(duration d);

  /// Calls `f(now)` after each move until the subscription is cancelled. `f` must not block and
  /// must not call back into the clock.
  std::uint64_t subscribe(std::function<void(batch_time)> f);

  /// No call of the subscriber is under way or will begin when this has returned.
  void unsubscribe(std::uint64_t subscription);

private:
  mutable std::mutex mutex_;
  batch_time now_;
  std::uint64_t next_subscription_ = 1;
  std::map<std::uint64_t, std::function<void(batch_time)>> subscribers_;
};

/// The clock every context uses unless it is given another.
std::shared_ptr<clock> default_clock();

} // namespace caf_stream
