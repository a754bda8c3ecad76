#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "caf_stream/base/ids.hpp"
#include "caf_stream/data/table_seed.hpp"
#include "caf_stream/plan/job_plan.hpp"
#include "caf_stream/state/state_store.hpp"

namespace caf_stream::exec {

/// What an action does with a partition, on a worker. The result travels to the driver.
using partition_action =
  std::function<data::payload(partition_id, data::cursor_base&, lineage::task_context&)>;

/// A job that tasks may belong to. Tasks name it by its id and carry no code.
struct active_job {
  job_id id = 0;
  batch_time time{};
  std::string description; ///< which output or action it serves, for errors and logs
  data::table_seed seed{};
  plan::job_plan plan;
  partition_action action;
  std::shared_ptr<stateful::state_store> states; ///< of the node that runs the tasks
};

/// The jobs that a node's workers may be asked to work for. Thread-safe.
class job_table {
public:
  void add(std::shared_ptr<const active_job> job);
  void remove(job_id id);

  /// Null when the job has ended, so that the task is no longer wanted.
  std::shared_ptr<const active_job> find(job_id id) const;

  std::size_t size() const;

private:
  mutable std::mutex mutex_;
  std::map<job_id, std::shared_ptr<const active_job>> jobs_;
};

} // namespace caf_stream::exec
