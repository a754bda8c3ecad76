#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "caf_stream/exec/active_job.hpp"

namespace caf_stream::exec {

/// What a task made: pieces for a shuffle or the action's result, and partitions of persisted data
/// sets that it computed on the way.
struct task_output {
  data::payload result;
  std::vector<data::payload> pieces;
  std::map<lineage::dataset_partition, lineage::computed_partition> kept;
};

/// The sentence that says what failed: the output or action, batch, operator, partition, attempt.
std::string describe_failure(const active_job& job, const task_id& id, std::string_view why);

/// Runs one task of `job` in this thread. What user code throws comes back as errc::task_failed,
/// with batch, operators and partition in its text. `lost`, where given, gets the kept partitions
/// among the inputs that could not be read back, whether the task failed for it or not.
result<task_output> run_task(const active_job& job, const task_id& id, lineage::task_inputs inputs,
                             std::vector<lineage::dataset_partition>* lost = nullptr);

} // namespace caf_stream::exec
