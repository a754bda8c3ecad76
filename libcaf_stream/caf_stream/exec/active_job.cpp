#include "caf_stream/exec/active_job.hpp"

namespace caf_stream::exec {

void job_table::add(std::shared_ptr<const active_job> job) {
  std::lock_guard guard{mutex_};
  auto id = job->id;
  jobs_.emplace(id, std::move(job));
}

void job_table::remove(job_id id) {
  std::lock_guard guard{mutex_};
  jobs_.erase(id);
}

std::shared_ptr<const active_job> job_table::find(job_id id) const {
  std::lock_guard guard{mutex_};
  auto i = jobs_.find(id);
  return i == jobs_.end() ? nullptr : i->second;
}

std::size_t job_table::size() const {
  std::lock_guard guard{mutex_};
  return jobs_.size();
}

} // namespace caf_stream::exec
