#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>

namespace caf_stream::engine {

/// Where failures of a running context wait for somebody to await it, and where its end is
/// announced. Thread-safe.
class termination {
public:
  /// Keeps a failure for the next await(). At most `max_kept` wait; later ones are dropped, since
  /// each has been logged and told to listeners as well.
  void report(std::exception_ptr failure);

  void set_stopped();
  bool stopped() const;

  /// Waits for the end or for a failure, which is rethrown, each once. True when stopped; false
  /// when `deadline` came first.
  bool await(std::optional<std::chrono::steady_clock::time_point> deadline);

  /// Waits for the end only.
  bool await_stopped(std::optional<std::chrono::steady_clock::time_point> deadline) const;

  static constexpr std::size_t max_kept = 1000;

private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::deque<std::exception_ptr> failures_;
  bool stopped_ = false;
};

} // namespace caf_stream::engine
