#pragma once

#include <caf_stream/streaming_listener.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace caf_stream::bench {

/// Notes when each batch was completed, and whether one failed.
class batch_watch : public streaming_listener {
public:
  /// One completed batch.
  struct completion {
    std::chrono::steady_clock::time_point time;
    /// From the time on the batch, on the wall clock. Only sensible on the real clock.
    std::chrono::duration<double, std::micro> delay;
  };

  void on_batch_completed(const batch_info& info) override;

  /// Waits until `count` batches are completed in all and returns all so far, in order. Throws
  /// `failure` when a batch failed, or when a minute passes without a completed one.
  std::vector<completion> wait_for(std::size_t count);

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<completion> completed_;
  std::string failure_reason_;
};

} // namespace caf_stream::bench
