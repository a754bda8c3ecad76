#include "batch_watch.hpp"

#include "failure.hpp"

namespace caf_stream::bench {

void batch_watch::on_batch_completed(const batch_info& info) {
  auto time = std::chrono::steady_clock::now();
  auto delay = std::chrono::system_clock::now() - info.batch_time;
  std::lock_guard lock{mutex_};
  completed_.push_back({time, delay});
  for (auto& [id, output] : info.output_operation_infos)
    if (output.failure_reason)
      failure_reason_ = *output.failure_reason;
  changed_.notify_all();
}

std::vector<batch_watch::completion> batch_watch::wait_for(std::size_t count) {
  std::unique_lock lock{mutex_};
  while (completed_.size() < count && failure_reason_.empty()) {
    auto before = completed_.size();
    auto more = [&] { return completed_.size() > before || !failure_reason_.empty(); };
    if (!changed_.wait_for(lock, std::chrono::minutes{1}, more))
      throw failure{"no batch was completed for a minute"};
  }
  if (!failure_reason_.empty())
    throw failure{"a batch failed: " + failure_reason_};
  return completed_;
}

} // namespace caf_stream::bench
