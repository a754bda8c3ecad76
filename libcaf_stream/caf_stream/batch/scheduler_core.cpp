#include "caf_stream/batch/scheduler_core.hpp"

#include <algorithm>
#include <utility>

namespace caf_stream::batch {

scheduler_core::scheduler_core(std::size_t concurrent_jobs, bool ordered)
  : concurrent_jobs_(std::max<std::size_t>(concurrent_jobs, 1)), ordered_(ordered) {}

void scheduler_core::on_due(batch_time t) { due_.push_back(t); }

std::optional<batch_time> scheduler_core::next_to_decide() {
  if (cutting_ || cut_ == due_.size())
    return std::nullopt;
  cutting_ = true;
  return due_[cut_];
}

void scheduler_core::on_cut() {
  cutting_ = false;
  ++cut_;
}

void scheduler_core::on_decided(batch_time t, batch_time now,
                                const std::map<stream_id, std::int64_t>& records,
                                std::vector<output_operation_info> outputs) {
  due_.pop_front();
  --cut_;
  auto& batch = batches_[t];
  batch.info.batch_time = t;
  batch.info.submission_time = now;
  for (auto& [stream, count] : records) {
    batch.info.stream_id_to_input_info[stream] = {stream, count, {}};
    batch.info.num_records += count;
  }
  for (auto& output : outputs) {
    batch.waiting.push_back(output.id);
    output.batch_time = t;
    batch.info.output_operation_infos[output.id] = std::move(output);
  }
  batch.unfinished = batch.waiting.size();
  events_.emplace_back(batch_submitted{batch.info});
  if (batch.unfinished == 0) {
    batch.info.processing_start_time = now;
    batch.info.scheduling_delay = duration{0};
    events_.emplace_back(batch_started{batch.info});
    finish(t, now);
  }
}

std::optional<output_job> scheduler_core::next_job() {
  if (running_ >= concurrent_jobs_)
    return std::nullopt;
  for (auto& [time, batch] : batches_) {
    if (!batch.waiting.empty()) {
      auto output = batch.waiting.front();
      batch.waiting.pop_front();
      ++running_;
      return output_job{time, output};
    }
    if (ordered_)
      return std::nullopt;
  }
  return std::nullopt;
}

void scheduler_core::on_output_started(const output_job& job, batch_time now) {
  auto& info = batches_.at(job.batch).info;
  if (!info.processing_start_time) {
    info.processing_start_time = now;
    info.scheduling_delay = now - info.submission_time;
    events_.emplace_back(batch_started{info});
  }
  auto& output = info.output_operation_infos.at(job.output);
  output.start_time = now;
  events_.emplace_back(output_operation_started{output});
}

void scheduler_core::on_output_finished(const output_job& job, batch_time now,
                                        const std::optional<std::string>& failure) {
  --running_;
  auto& batch = batches_.at(job.batch);
  auto& output = batch.info.output_operation_infos.at(job.output);
  output.end_time = now;
  output.duration = now - output.start_time.value_or(now);
  output.failure_reason = failure;
  batch.failed = batch.failed || failure.has_value();
  events_.emplace_back(output_operation_completed{output});
  if (--batch.unfinished == 0)
    finish(job.batch, now);
}

void scheduler_core::finish(batch_time t, batch_time now) {
  auto node = batches_.extract(t);
  auto& info = node.mapped().info;
  info.processing_end_time = now;
  info.processing_delay = now - *info.processing_start_time;
  info.total_delay = now - info.submission_time;
  events_.emplace_back(batch_completed{std::move(info), node.mapped().failed});
  ended_early_.insert(t);
  auto limit = batches_.empty() ? batch_time::max() : batches_.begin()->first;
  while (!ended_early_.empty() && *ended_early_.begin() < limit) {
    ended_through_ = *ended_early_.begin();
    ended_early_.erase(ended_early_.begin());
  }
}

std::vector<batch_event> scheduler_core::take_events() { return std::exchange(events_, {}); }

} // namespace caf_stream::batch
